"""The same calls against the EC2 at the URL in argv[1], whoever it is. Prints what came of each, as one JSON object.

Ids, times and addresses differ from one EC2 to the next and are left out; codes, states and texts are not.
"""

import base64
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

IMAGE = sys.argv[2]
SCRIPT = "#!/bin/bash\n# <tags> & 'quotes' äöü\n"
NOBODY = "i-0123456789abcdef0"

ec2 = boto3.client(
    "ec2",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
    aws_secret_access_key="example",
    config=Config(retries={"total_max_attempts": 1}, proxies={}),
)
outcomes = {}


def note(name, what, *args, **kwargs):
    """Does it and notes what came of it. Returns the answer, or nothing."""
    assert name not in outcomes, name
    try:
        answer = what(*args, **kwargs)
    except ClientError as error:
        outcomes[name] = error.response["Error"]["Code"]
        return None
    except ResponseParserError:
        outcomes[name] = "something that is no answer"
        return None
    outcomes[name] = "ok"
    return answer


def say(name, value):
    assert name not in outcomes, name
    outcomes[name] = value


def request(token, **changes):
    disk = {"VolumeSize": 12, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}
    tags = [{"Key": "pushbox:app", "Value": "my_app"}, {"Key": "token", "Value": token}]
    return {
        "ImageId": IMAGE,
        "InstanceType": "t4g.small",
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": token,
        "UserData": SCRIPT,
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": disk}],
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "InstanceMetadataTags": "enabled"},
        "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")],
    } | changes


def launch(token, **changes):
    return ec2.run_instances(**request(token, **changes))["Instances"][0]


def instances(**query):
    return [one for page in ec2.describe_instances(**query)["Reservations"] for one in page["Instances"]]


def state(id):
    return instances(InstanceIds=[id])[0]["State"]["Name"]


def wait(id, wanted):
    for _ in range(10):
        if state(id) == wanted:
            return
    raise AssertionError(f"{id} never became {wanted}")


def change(answer):
    (key,) = [key for key in answer if key.endswith("Instances")]
    return f"{answer[key][0]['PreviousState']['Name']} to {answer[key][0]['CurrentState']['Name']}"


# A launch and what is seen of it.
box = launch("compare")
id = box["InstanceId"]
say("a launch answers", box["State"]["Name"])
wait(id, "running")
box = instances(InstanceIds=[id])[0]
say("type", box["InstanceType"])
say("client token", box["ClientToken"])
say("metadata tokens", box["MetadataOptions"]["HttpTokens"])
say("tags", sorted(f"{tag['Key']}={tag['Value']}" for tag in box["Tags"]))
say("disks", [disk["DeviceName"] for disk in box["BlockDeviceMappings"]])
say("has a public address", "PublicIpAddress" in box)
user_data = ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")["UserData"]["Value"]
say("user data", base64.b64decode(user_data).decode())

# Filters.
for name, values in [
    ("tag:token", ["compare"]),
    ("tag:token", ["comp*"]),
    ("tag:token", ["nobody"]),
    ("tag-key", ["token"]),
    ("instance-state-name", ["running"]),
    ("instance-id", [id]),
]:
    found = instances(Filters=[{"Name": name, "Values": values}])
    say(f"filter {name}={values[0] if name != 'instance-id' else 'id'}", len(found))
note("pages of four", ec2.describe_instances, MaxResults=4)
note("an unknown filter", ec2.describe_instances, Filters=[{"Name": "colour", "Values": ["red"]}])

# Who is nobody.
for name, call in [
    ("describe", ec2.describe_instances),
    ("start", ec2.start_instances),
    ("stop", ec2.stop_instances),
    ("reboot", ec2.reboot_instances),
    ("terminate", ec2.terminate_instances),
]:
    note(f"{name} nobody", call, InstanceIds=[NOBODY])
note("describe what is no id", ec2.describe_instances, InstanceIds=["box"])
note("tag nobody", ec2.create_tags, Resources=[NOBODY], Tags=[{"Key": "a", "Value": "b"}])

# Tags.
note("tag", ec2.create_tags, Resources=[id], Tags=[{"Key": "pushbox:ref", "Value": "<refs/heads/main> & 'äöü'"}])
say("tags after", sorted(f"{tag['Key']}={tag['Value']}" for tag in instances(InstanceIds=[id])[0]["Tags"]))
note("a reserved key", ec2.create_tags, Resources=[id], Tags=[{"Key": "aws:x", "Value": ""}])
note("a long key", ec2.create_tags, Resources=[id], Tags=[{"Key": "x" * 128, "Value": ""}])
note("a long value", ec2.create_tags, Resources=[id], Tags=[{"Key": "x", "Value": "x" * 257}])
many = [{"Key": f"k{n}", "Value": ""} for n in range(60)]
note("sixty tags", ec2.create_tags, Resources=[id], Tags=many)

# States.
say("start what runs", change(ec2.start_instances(InstanceIds=[id])))
note("reboot what runs", ec2.reboot_instances, InstanceIds=[id])
ec2.stop_instances(InstanceIds=[id])
wait(id, "stopped")
say("an address while stopped", "PublicIpAddress" in instances(InstanceIds=[id])[0])
note("reboot what is stopped", ec2.reboot_instances, InstanceIds=[id])
say("after that", state(id))
if state(id) == "running":
    ec2.stop_instances(InstanceIds=[id])
    wait(id, "stopped")
ec2.start_instances(InstanceIds=[id])
wait(id, "running")

# Tokens.
again = note("the same token", ec2.run_instances, **request("compare"))
say("the same token is the same instance", again["Instances"][0]["InstanceId"] == id)
note("the same token with other parameters", ec2.run_instances, **request("compare", UserData="#!/bin/sh\n"))
ec2.terminate_instances(InstanceIds=[id])
wait(id, "terminated")
note("the token of what is terminated", ec2.run_instances, **request("compare"))
note("start what is terminated", ec2.start_instances, InstanceIds=[id])
note("tag what is terminated", ec2.create_tags, Resources=[id], Tags=[{"Key": "a", "Value": "b"}])

# What a launch refuses.
for name, changes in [
    ("a dry run", {"DryRun": True}),
    ("what is no type", {"InstanceType": "large"}),
    ("17 KB of user data", {"UserData": "#" * 17_000}),
    ("a token of 65 characters", {"ClientToken": "x" * 65}),
    ("a group by interface that is not", {"NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-00000000"]}]}),
    ("no such subnet", {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-00000000"}]}),
    ("fewer at most than at least", {"MinCount": 2}),
]:
    note(name, ec2.run_instances, **request(name.replace(" ", "-"), **changes))

print(json.dumps(outcomes, ensure_ascii=False))
