"""Says as JSON what instances moto has, or stops them all. Usage: moto.py URL instances|stop"""

import base64
import json
import sys

import boto3


def tags(resource):
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


def disk(ec2, mapping):
    volume = ec2.describe_volumes(VolumeIds=[mapping["Ebs"]["VolumeId"]])["Volumes"][0]
    return {
        "device": mapping["DeviceName"],
        "size": volume["Size"],
        "encrypted": volume["Encrypted"],
        "tags": tags(volume),
    }


def instance(ec2, found):
    attribute = ec2.describe_instance_attribute(InstanceId=found["InstanceId"], Attribute="userData")
    return {
        "id": found["InstanceId"],
        "state": found["State"]["Name"],
        "type": found["InstanceType"],
        "image": found["ImageId"],
        "metadata": found["MetadataOptions"],
        "tags": tags(found),
        "disks": [disk(ec2, mapping) for mapping in found["BlockDeviceMappings"]],
        "user_data": base64.b64decode(attribute["UserData"]["Value"]).decode(),
    }


def main():
    url, what = sys.argv[1:]
    ec2 = boto3.client(
        "ec2", endpoint_url=url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    found = [one for page in ec2.describe_instances()["Reservations"] for one in page["Instances"]]
    if what == "stop":
        ec2.stop_instances(InstanceIds=[one["InstanceId"] for one in found])
    else:
        print(json.dumps([instance(ec2, one) for one in found]))


main()
