//go:build tools

// Package tools pins the k6 that onetap builds when no ready binary can be had:
//
//	go build -o k6 go.k6.io/k6/v2
package tools

import _ "go.k6.io/k6/v2"
