/**
 * What the page can do beside being read: save the document, open what a link points at, filter attacks (state in the address),
 * keys, a colour scheme of the reader's choice, and a closer look at the charts over time. The page is complete without it.
 */
export const SCRIPT = `
(function(){
var d=document,$=function(id){return d.getElementById(id)},all=function(q){return Array.prototype.slice.call(d.querySelectorAll(q))};
var data=$('result'),save=$('save');
if(data&&save){save.hidden=false;save.addEventListener('click',function(){
var link=d.createElement('a');
link.href=URL.createObjectURL(new Blob([JSON.stringify(JSON.parse(data.textContent),null,2)],{type:'application/json'}));
link.download='result.json';link.click()})}
function reveal(){var hash=location.hash.slice(1);if(hash.indexOf('q=')===0){apply(decode(hash.slice(2)));return}
var part=$(hash);if(!part)return;
for(var at=part;at;at=at.parentElement)if(at.tagName==='DETAILS')at.open=true;
var home=part.tagName==='TR'&&part.closest('tbody')||part;var inner=home.querySelector('details');if(inner)inner.open=true;part.scrollIntoView()}
function decode(text){try{return decodeURIComponent(text)}catch(e){return text}}
var box=$('filter'),rows=all('tbody.attack');
function apply(text){if(!box)return;if(box.value!==text)box.value=text;
var words=text.toLowerCase().split(/\\s+/).filter(Boolean),shown=0;
rows.forEach(function(row){var hay=row.getAttribute('data-filter');
var fits=words.every(function(word){return word[0]==='!'?word.length<2||hay.indexOf(word.slice(1))<0:hay.indexOf(word)>=0});
row.hidden=!fits;if(fits)shown++});
$('filter-count').textContent=words.length?shown+' of '+rows.length+' shown':''}
if(box&&rows.length){$('filter-row').hidden=false;box.addEventListener('input',function(){apply(box.value);
history.replaceState(null,'',box.value?'#q='+encodeURIComponent(box.value):location.pathname+location.search)})}
var scheme=$('scheme'),order=['auto','light','dark'];
if(scheme){scheme.hidden=false;scheme.addEventListener('click',function(){
var next=order[(order.indexOf(d.documentElement.getAttribute('data-scheme')||'auto')+1)%3];
if(next==='auto')d.documentElement.removeAttribute('data-scheme');else d.documentElement.setAttribute('data-scheme',next);
scheme.textContent='Colours: '+next})}
function visible(){return rows.filter(function(row){return!row.hidden})}
function step(by){var list=visible();if(!list.length)return;
var at=list.findIndex(function(row){return row.contains(d.activeElement)}),next=list[Math.max(0,Math.min(list.length-1,at<0?(by>0?0:list.length-1):at+by))];
next.querySelector('summary').focus();next.scrollIntoView({block:'nearest'})}
d.addEventListener('keydown',function(event){
if(event.ctrlKey||event.metaKey||event.altKey)return;
if(event.target===box){if(event.key==='Escape'){apply('');box.dispatchEvent(new Event('input'));box.blur()}return}
if(event.target.closest&&event.target.closest('.zoomable'))return;
if(event.key==='/'&&box){event.preventDefault();box.focus()}
else if(event.key==='j')step(1);else if(event.key==='k')step(-1);
else if(event.key==='?'){var help=$('keys');if(help){help.open=!help.open;if(help.open)help.querySelector('summary').focus()}}});
var charts=all('svg.zoomable');
charts.forEach(function(svg){var box0=svg.getAttribute('viewBox').split(' ').map(Number),view=box0.slice(),from=null,group=null;
svg.setAttribute('tabindex','0');svg.setAttribute('aria-label',svg.getAttribute('aria-label')+' Plus and minus zoom, arrows move, 0 shows all.');
function set(x,w){view[2]=Math.max(box0[2]/24,Math.min(box0[2],w));view[0]=Math.max(0,Math.min(box0[2]-view[2],x));
charts.forEach(function(other){other.setAttribute('viewBox',view.join(' '));other.setAttribute('preserveAspectRatio',view[2]<box0[2]?'none':'xMidYMid meet')})}
function at(event){var r=svg.getBoundingClientRect();return view[0]+(event.clientX-r.left)/r.width*view[2]}
svg.addEventListener('pointerdown',function(event){from=at(event)});
svg.addEventListener('pointerup',function(event){if(from===null)return;var to=at(event),w=Math.abs(to-from);if(w>box0[2]/60)set(Math.min(from,to),w);from=null});
svg.addEventListener('dblclick',function(){set(0,box0[2])});
svg.addEventListener('keydown',function(event){var k=event.key,c=view[0]+view[2]/2,w=view[2];
if(k==='+'||k==='=')set(c-w/4,w/2);else if(k==='-')set(c-w,w*2);else if(k==='0')set(0,box0[2]);
else if(k==='ArrowLeft')set(view[0]-w/5,w);else if(k==='ArrowRight')set(view[0]+w/5,w);else return;
event.preventDefault();event.stopPropagation()})});
addEventListener('hashchange',reveal);if(location.hash)reveal();
addEventListener('beforeprint',function(){all('details').forEach(function(part){part.open=true})});
})();
`
