"""Asks Dytnsapi through the vendor's own Python SDK. Reads one job as JSON, writes one answer a call as JSON."""
import json
import sys

from alibabacloud_dytnsapi20200217 import models
from alibabacloud_dytnsapi20200217.client import Client
from alibabacloud_tea_openapi.models import Config

job = json.load(sys.stdin)
config = Config(access_key_id=job["accessKeyId"], access_key_secret=job["accessKeySecret"])
config.endpoint = job["endpoint"]
config.protocol = "HTTP"
client = Client(config)


def asked(call):
    request = getattr(models, call["request"])(**call["fields"])
    try:
        return {"kind": "answered", "body": getattr(client, call["method"])(request).body.to_map()}
    except Exception as error:  # the SDK's own classes differ between its versions; their code is what counts
        return {"kind": "thrown", "code": getattr(error, "code", None), "message": str(error)[:200]}


json.dump([asked(call) for call in job["calls"]], sys.stdout)
