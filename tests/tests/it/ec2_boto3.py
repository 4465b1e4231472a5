"""What boto3 sees of the simulated EC2 at the URL in argv[1].

Every request moves the simulated clock on by one second; starting and stopping take five of them.
"""

import base64
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
IMAGE = "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
SCRIPT = "#!/bin/bash\n# <tags> & 'quotes' äöü\necho \"hello\"\n"

ec2 = boto3.client(
    "ec2",
    endpoint_url=URL,
    region_name="us-east-1",
    aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
    aws_secret_access_key="example",
    config=Config(retries={"total_max_attempts": 1}, proxies={}),
)


def launch(token, **changes):
    """All parameters that pushbox sends."""
    request = {
        "ImageId": IMAGE,
        "InstanceType": "t4g.small",
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": token,
        "UserData": SCRIPT,
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/sda1",
                "Ebs": {"VolumeSize": 12, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True},
            }
        ],
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "AssociatePublicIpAddress": True,
                "Groups": ["sg-0123456789abcdef0"],
                "SubnetId": "subnet-0123456789abcdef0",
            }
        ],
        "MetadataOptions": {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
            "InstanceMetadataTags": "enabled",
        },
        "TagSpecifications": [
            {
                "ResourceType": kind,
                "Tags": [{"Key": "pushbox:app", "Value": "my_app"}, {"Key": "token", "Value": token}],
            }
            for kind in ("instance", "volume")
        ],
        "InstanceInitiatedShutdownBehavior": "stop",
        "CreditSpecification": {"CpuCredits": "standard"},
        "IamInstanceProfile": {"Name": "my_app"},
        "KeyName": "my_key",
    }
    request.update(changes)
    return ec2.run_instances(**request)["Instances"][0]


def refused(code, call, *args, status=400, **kwargs):
    try:
        answer = call(*args, **kwargs)
    except ClientError as error:
        found = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert found == (code, status), f"expected {(code, status)}, found {found}: {error}"
        assert error.response["Error"]["Message"], "an empty message"
    else:
        raise AssertionError(f"expected {code}, found {answer}")


def instances(**request):
    reservations = ec2.describe_instances(**request)["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


def found(name, *values):
    return [one["InstanceId"] for one in instances(Filters=[{"Name": name, "Values": list(values)}])]


def wait(id, state):
    for _ in range(10):
        instance = instances(InstanceIds=[id])[0]
        if instance["State"]["Name"] == state:
            return instance
    raise AssertionError(f"{id} never became {state}: {instance['State']}")


def changes(answer, id, previous, current):
    (change,) = answer
    found = (change["InstanceId"], change["PreviousState"]["Name"], change["CurrentState"]["Name"])
    assert found == (id, previous, current), found


def test_launch():
    box = launch("launch")
    assert box["State"] == {"Code": 0, "Name": "pending"}, box
    assert "PublicIpAddress" not in box, box
    box = wait(box["InstanceId"], "running")
    assert box["InstanceType"] == "t4g.small" and box["Architecture"] == "arm64", box
    assert box["ImageId"].startswith("ami-") and box["ClientToken"] == "launch", box
    assert box["PublicIpAddress"].startswith("203.0.113."), box
    assert box["KeyName"] == "my_key" and box["SubnetId"] == "subnet-0123456789abcdef0", box
    assert [group["GroupId"] for group in box["SecurityGroups"]] == ["sg-0123456789abcdef0"], box
    assert box["IamInstanceProfile"]["Arn"].endswith(":instance-profile/my_app"), box
    assert [disk["DeviceName"] for disk in box["BlockDeviceMappings"]] == ["/dev/sda1"], box
    assert box["MetadataOptions"]["InstanceMetadataTags"] == "enabled", box
    assert box["LaunchTime"].year == 2023, box
    tags = {tag["Key"]: tag["Value"] for tag in box["Tags"]}
    assert tags == {"pushbox:app": "my_app", "token": "launch"}, tags


def test_what_a_launch_refuses():
    refused("InvalidParameterValue", launch, "limit", UserData="#" * 16385)
    assert launch("limit", UserData="#" * 16384)["InstanceId"]
    refused("InvalidParameterValue", launch, "x" * 65)
    refused("InvalidAMIID.Malformed", launch, "ami", ImageId="ubuntu")
    refused("InvalidAMIID.NotFound", launch, "ami", ImageId="resolve:ssm:/nothing")
    refused("InvalidParameterValue", launch, "type", InstanceType="large")
    refused("InvalidParameterValue", launch, "arch", InstanceType="t3.small")
    refused("InstanceCreditSpecification.NotSupported", launch, "credits", InstanceType="m7g.large")
    refused("UnknownParameter", launch, "unknown", EbsOptimized=True)
    refused("DryRunOperation", launch, "dry", DryRun=True, status=412)
    for token in ("ami", "type", "arch", "credits", "unknown", "dry"):
        assert found("client-token", token) == [], token


def test_tokens():
    id = launch("token")["InstanceId"]
    assert launch("token")["InstanceId"] == id
    refused("IdempotentParameterMismatch", launch, "token", UserData="#!/bin/sh\n")
    assert launch("other")["InstanceId"] != id
    wait(id, "running")
    changes(ec2.terminate_instances(InstanceIds=[id])["TerminatingInstances"], id, "running", "shutting-down")
    wait(id, "terminated")
    refused("IdempotentInstanceTerminated", launch, "token")
    refused("IdempotentParameterMismatch", launch, "token", UserData="#!/bin/sh\n")


def test_filters():
    id = launch("filters")["InstanceId"]
    assert found("tag:token", "filters") == [id]
    assert found("tag:token", "filter*") == [id]
    assert found("tag:token", "no", "filters") == [id]
    assert found("tag:token", "filter") == []
    assert found("instance-id", id) == [id]
    assert found("client-token", "filters") == [id]
    assert id in found("tag-key", "token")
    wait(id, "running")
    assert id in found("instance-state-name", "running")
    assert id not in found("instance-state-name", "stopped")
    refused("InvalidParameterValue", found, "colour", "red")
    refused("InvalidInstanceID.NotFound", instances, InstanceIds=["i-0123456789abcdef0"])
    refused("InvalidInstanceID.Malformed", instances, InstanceIds=["box"])


def test_pages():
    ids = [launch(f"page {n}", TagSpecifications=[tagged("page", str(n))])["InstanceId"] for n in range(6)]
    pager = ec2.get_paginator("describe_instances")
    request = {"Filters": [{"Name": "tag-key", "Values": ["page"]}], "PaginationConfig": {"PageSize": 5}}
    pages = [
        [one["InstanceId"] for reservation in page["Reservations"] for one in reservation["Instances"]]
        for page in pager.paginate(**request)
    ]
    assert pages == [ids[:5], ids[5:]], pages
    refused("InvalidParameterValue", instances, MaxResults=4)
    refused("InvalidParameterCombination", instances, MaxResults=5, InstanceIds=ids)
    refused("InvalidNextToken", instances, NextToken="x")
    ec2.terminate_instances(InstanceIds=ids)


def tagged(key, value):
    return {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value}]}


def test_tags():
    id = launch("tags")["InstanceId"]
    value = "<refs/heads/main> & 'äöü' \""
    ec2.create_tags(Resources=[id], Tags=[{"Key": "pushbox:ref", "Value": value}, {"Key": "token", "Value": ""}])
    tags = {tag["Key"]: tag["Value"] for tag in instances(InstanceIds=[id])[0]["Tags"]}
    assert tags == {"pushbox:app": "my_app", "token": "", "pushbox:ref": value}, tags

    def tag(key, value="", resource=id):
        ec2.create_tags(Resources=[resource], Tags=[{"Key": key, "Value": value}])

    refused("InvalidParameterValue", tag, "aws:x")
    refused("InvalidParameterValue", tag, "a b")
    refused("InvalidParameterValue", tag, "x" * 128)
    refused("InvalidParameterValue", tag, "x", "x" * 257)
    refused("InvalidInstanceID.NotFound", tag, "x", resource="i-0123456789abcdef0")
    refused("InvalidID", tag, "x", resource="box")
    many = [{"Key": f"k{n}", "Value": ""} for n in range(48)]
    refused("TagLimitExceeded", ec2.create_tags, Resources=[id], Tags=many)
    ec2.create_tags(Resources=[id], Tags=many[1:])
    ec2.terminate_instances(InstanceIds=[id])


def test_start_stop_reboot():
    id = launch("states")["InstanceId"]
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.stop_instances, InstanceIds=[id])
    first = wait(id, "running")
    ec2.reboot_instances(InstanceIds=[id])
    changes(ec2.start_instances(InstanceIds=[id])["StartingInstances"], id, "running", "running")
    changes(ec2.stop_instances(InstanceIds=[id])["StoppingInstances"], id, "running", "stopping")
    refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])
    assert "PublicIpAddress" not in wait(id, "stopped")
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])
    changes(ec2.stop_instances(InstanceIds=[id])["StoppingInstances"], id, "stopped", "stopped")
    changes(ec2.start_instances(InstanceIds=[id])["StartingInstances"], id, "stopped", "pending")
    second = wait(id, "running")
    assert second["PublicIpAddress"] != first["PublicIpAddress"], second
    assert second["LaunchTime"] > first["LaunchTime"], second
    ec2.terminate_instances(InstanceIds=[id])
    wait(id, "terminated")
    refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.stop_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])


def test_console():
    id = launch("console")["InstanceId"]
    expected = f"hello from {id} <&> äöü\n"
    for _ in range(500):
        answer = ec2.get_console_output(InstanceId=id, Latest=True)
        if answer["Output"]:
            break
        time.sleep(0.01)
    assert (answer["InstanceId"], answer["Output"]) == (id, expected), answer
    ec2.terminate_instances(InstanceIds=[id])
    amd64 = IMAGE.replace("arm64", "amd64")
    id = launch("console xen", InstanceType="t2.micro", ImageId=amd64)["InstanceId"]
    refused("UnsupportedOperation", ec2.get_console_output, InstanceId=id, Latest=True)
    assert ec2.get_console_output(InstanceId=id)["Output"] == ""
    ec2.terminate_instances(InstanceIds=[id])


def test_user_data():
    id = launch("user data")["InstanceId"]
    answer = ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")
    assert base64.b64decode(answer["UserData"]["Value"]).decode() == SCRIPT, answer
    refused("InvalidParameterValue", ec2.describe_instance_attribute, InstanceId=id, Attribute="kernel")


def test_requests_that_are_none():
    refused("InvalidAction", ec2.describe_images)
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(URL, data=b"Action=DescribeInstances&Version=2016-11-15")
    except urllib.error.HTTPError as error:
        assert error.code == 403 and b"<Code>MissingAuthenticationToken</Code>" in error.read(), error
    else:
        raise AssertionError("an unsigned request was answered")


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print("ok", name)
