#!/usr/bin/env python3
"""Stands for a board controller: HTTPS with a certificate of its own, HTTP Basic (RFC 7617), the resource Power of one chassis.

redfish.py CERTIFICATE KEY NAME:PASSWORD WATTS prints its port and serves until it is killed.
"""
import base64
import http.server
import json
import ssl
import sys

certificate, key, account, watts = sys.argv[1:5]
expected = "Basic " + base64.b64encode(account.encode()).decode()
POWER = {
    "@odata.id": "/redfish/v1/Chassis/1/Power",
    "@odata.type": "#Power.v1_7_1.Power",
    "Id": "Power",
    "Name": "Power",
    "PowerControl": [{"MemberId": "0", "Name": "System Power Control", "PowerConsumedWatts": float(watts), "PowerCapacityWatts": 800}],
}


class Controller(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Authorization") != expected:
            self.answer(401, {"error": {"code": "Base.1.8.InsufficientPrivilege"}})
        elif self.path != POWER["@odata.id"]:
            self.answer(404, {"error": {"code": "Base.1.8.ResourceMissingAtURI"}})
        else:
            self.answer(200, POWER)

    def answer(self, status, document):
        body = json.dumps(document, indent=2).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;odata.metadata=minimal")
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="Redfish"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Controller)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
