"""All that AWS has, as JSON: python state.py ENDPOINT REGION"""

import json
import sys
from urllib.parse import unquote

import boto3

endpoint, region = sys.argv[1:]


def client(service):
    return boto3.client(
        service, region_name=region, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )


def tags(found):
    return {tag["Key"]: tag["Value"] for tag in found or []}


def document(policy):
    return policy if isinstance(policy, dict) else json.loads(unquote(policy))


def functions():
    functions = client("lambda")
    for one in functions.list_functions()["Functions"]:
        name = one["FunctionName"]
        policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
        concurrency = functions.get_function_concurrency(FunctionName=name)
        yield {
            "name": name,
            "arch": one["Architectures"],
            "memory": one["MemorySize"],
            "timeout": one["Timeout"],
            "runtime": one["Runtime"],
            "role": one["Role"],
            "code": one["CodeSha256"],
            "variables": one["Environment"]["Variables"],
            "url": functions.get_function_url_config(FunctionName=name)["FunctionUrl"],
            "concurrency": concurrency.get("ReservedConcurrentExecutions"),
            "permissions": {one["Sid"]: [one["Action"], one["Principal"]] for one in policy["Statement"]},
        }


def roles():
    iam = client("iam")
    for one in iam.list_roles()["Roles"]:
        name = one["RoleName"]
        if one["Path"].startswith("/aws-service-role/"):
            continue
        policies = {
            policy: document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        }
        trusts = document(one["AssumeRolePolicyDocument"])["Statement"][0]["Principal"]["Service"]
        tagged = tags(iam.get_role(RoleName=name)["Role"].get("Tags"))
        yield {"name": name, "trusts": trusts, "policies": policies, "tags": tagged}


def groups():
    ec2 = client("ec2")
    for one in ec2.describe_security_groups()["SecurityGroups"]:
        if one["GroupName"] == "default":
            continue
        rules = [
            f"{rule['IpProtocol']}/{rule['FromPort']} {cidr['CidrIp']}"
            for rule in one["IpPermissions"]
            for cidr in rule["IpRanges"]
        ]
        yield {"id": one["GroupId"], "name": one["GroupName"], "rules": sorted(rules), "tags": tags(one.get("Tags"))}


def instances():
    for reservation in client("ec2").describe_instances()["Reservations"]:
        for one in reservation["Instances"]:
            profile = one.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2]
            yield {"id": one["InstanceId"], "state": one["State"]["Name"], "profile": profile}


def parameters():
    ssm = client("ssm")
    for one in ssm.describe_parameters()["Parameters"]:
        value = ssm.get_parameter(Name=one["Name"], WithDecryption=True)["Parameter"]["Value"]
        yield {"name": one["Name"], "type": one["Type"], "value": value}


def budgets():
    for one in client("budgets").describe_budgets(AccountId="123456789012")["Budgets"]:
        yield {"name": one["BudgetName"], "amount": float(one["BudgetLimit"]["Amount"])}


logs = client("logs").describe_log_groups()["logGroups"]
profiles = client("iam").list_instance_profiles()["InstanceProfiles"]
addresses = client("ec2").describe_addresses()["Addresses"]
state = {
    "functions": list(functions()),
    "roles": sorted(roles(), key=lambda role: role["name"]),
    "groups": list(groups()),
    "instances": list(instances()),
    "parameters": sorted(parameters(), key=lambda one: one["name"]),
    "budgets": list(budgets()),
    "logs": [[one["logGroupName"], one.get("retentionInDays")] for one in logs],
    "profiles": [[one["InstanceProfileName"], [role["RoleName"] for role in one["Roles"]]] for one in profiles],
    "addresses": [[one["PublicIp"], tags(one.get("Tags"))] for one in addresses],
}
json.dump(state, sys.stdout)
