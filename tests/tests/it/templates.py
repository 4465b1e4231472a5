"""CloudFormation and Terraform, read by others: python templates.py FOLDER ENDPOINT

Prints what is wrong, a line each. The folder holds what `pushbox render` made of one config, and `app`, `group` and `profile`
of an installation are those below.
"""

import json
import re
import sys
from pathlib import Path

import boto3
import hcl2
import parliament
import yaml

ACCOUNT = "123456789012"
GROUP = "sg-0123456789abcdef0"
# What parliament holds against a policy, and why that is no fault.
NO_FAULTS = {
    # It wants all resources of RunInstances in one statement; AWS wants each allowed by any.
    ("RESOURCE_MISMATCH", "ec2:RunInstances"),
    # It does not know that AWS's own public parameters belong to no account.
    ("RESOURCE_MISMATCH", "ssm:GetParameters"),
}

folder, endpoint = Path(sys.argv[1]), sys.argv[2]
problems = []


def text(name):
    return (folder / name).read_text()


def same(what, found, expected):
    if found != expected:
        problems.append(f"{what}: expected {json.dumps(expected)}, found {json.dumps(found)}")


def intrinsic(loader, tag, node):
    name = tag if tag == "Ref" else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    return {name: loader.construct_sequence(node)}


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


Loader.add_multi_constructor("!", intrinsic)


def substituted(value):
    """What CloudFormation makes of a text with names in it."""
    if isinstance(value, list):
        return [substituted(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) != ["Fn::Sub"]:
        return {key: substituted(member) for key, member in value.items()}
    known = {"AWS::AccountId": ACCOUNT, "Group.GroupId": GROUP}
    return re.sub(r"\$\{(!?)([^}]*)\}", lambda found: f"${{{found[2]}}}" if found[1] else known[found[2]], value["Fn::Sub"])


def in_cloudformation(template, role):
    [policy] = template["Resources"][role]["Properties"]["Policies"]
    return substituted(policy["PolicyDocument"])


def in_terraform(main, role):
    for resource in main["resource"]:
        policy = resource.get('"aws_iam_role_policy"', {}).get(f'"{role}"')
        if policy:
            heredoc = policy["policy"].strip().strip('"')
            assert heredoc.startswith("<<-JSON\n"), heredoc
            body = heredoc.removeprefix("<<-JSON\n").rstrip().removesuffix("JSON")
            body = body.replace("${data.aws_caller_identity.here.account_id}", ACCOUNT)
            body = body.replace("${aws_security_group.visitors.id}", GROUP)
            return json.loads(body.replace("$${", "${").replace("%%{", "%{"))
    raise KeyError(role)


def check_policy(name):
    for finding in parliament.analyze_policy_string(text(name)).findings:
        actions = {detail["action"] for detail in finding.detail} if isinstance(finding.detail, list) else {None}
        if any((finding.issue, action) not in NO_FAULTS for action in actions):
            problems.append(f"{name}: {finding}")


def create_stack(has_budget):
    """As far as moto goes: it knows no function URLs, and keeps policies in a form of its own."""
    options = {"region_name": "us-east-1", "endpoint_url": endpoint, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    s3, stacks = boto3.client("s3", **options), boto3.client("cloudformation", **options)
    template = text("cloudformation.yaml").partition("\nOutputs:\n")[0]
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="function.zip", Body=(folder / "function.zip").read_bytes())
    given = {"CodeBucket": "code", "CodeKey": "function.zip", "WebhookSecret": "w" * 16, "AdminKey": "a" * 16}
    if has_budget:
        given["BudgetEmail"] = "ada@example.org"
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    stacks.create_stack(
        StackName="pushbox", TemplateBody=template, Parameters=parameters, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    [stack] = stacks.describe_stacks(StackName="pushbox")["Stacks"]
    same("the stack", stack["StackStatus"], "CREATE_COMPLETE")
    function = boto3.client("lambda", **options).get_function_configuration(FunctionName="pushbox-my_app")
    same("the function's secret", function["Environment"]["Variables"]["PUSHBOX_WEBHOOK_SECRETS"], "w" * 16)
    [group] = boto3.client("ec2", **options).describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["pushbox-my_app"]}]
    )["SecurityGroups"]
    same("the ports", 80 in [rule["FromPort"] for rule in group["IpPermissions"]], True)


template = yaml.load(text("cloudformation.yaml"), Loader)
main = hcl2.loads(text("main.tf"))
for role, in_hcl, name in [("FunctionRole", "function", "policy.json"), ("BoxRole", "box", "box-policy.json")]:
    if role in template["Resources"]:
        expected = json.loads(text(name))
        same(f"CloudFormation's {name}", in_cloudformation(template, role), expected)
        same(f"Terraform's {name}", in_terraform(main, in_hcl), expected)
check_policy("policy.json")
check_policy("box-policy.json")
create_stack("Budget" in template["Resources"])
print("\n".join(problems))
