import os

from locust import FastHttpUser, constant, task

BODY = os.environ["BODY"].encode()


class User(FastHttpUser):
    wait_time = constant(0)

    @task
    def login(self):
        self.client.post("/login", data=BODY, headers={"Content-Type": "application/json"})
