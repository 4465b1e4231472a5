# Made by pushbox, for one app: {{app}}
#
# 1. Put function.zip, with your pushbox.json in it, beside this file.
# 2. terraform init && terraform apply
# 3. terraform apply -var function_url=… as the output says it: a function cannot be told its own URL before it has one, and
#    without it a box does not hear of changed settings.
#if secrets
# 4. Terraform would keep secrets in its state: put each of these into Parameter Store yourself, as SecureString.
#    {{secrets}}
#end
#if spot
# The first spot instance of an account needs EC2's own role for them:
# aws iam create-service-linked-role --aws-service-name spot.amazonaws.com
#end
# The state holds the webhook secret and the admin key: keep it as you keep those.

# Versions that know all that is used here.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.29" # the first that knows invoked_via_function_url
    }
  }
}

# Where everything is made, and the tag by which it is found again.
provider "aws" {
  region = {{region}}
  default_tags {
    tags = {
      "pushbox:app" = {{app}}
    }
  }
}

# Each delivery must be signed with it.
variable "webhook_secret" {
  type        = string
  sensitive   = true
  description = "What the git host signs its deliveries with; several, one a line, while one is replaced."
}

# Whoever has it may deploy without a push.
variable "admin_key" {
  type        = string
  sensitive   = true
  description = "Opens /deploy and the details of /status."
}

# Written into the script, so that a box finds changed settings.
variable "function_url" {
  type        = string
  default     = ""
  description = "The function's URL, once it is known."
}
#if budget

# No config holds an address.
variable "budget_email" {
  type        = string
  description = "Where AWS writes to when the budget is passed."
}
#end

# The number of your account, for the policies.
data "aws_caller_identity" "here" {}

# Only Lambda may take this role.
resource "aws_iam_role" "function" {
  name = {{function}}
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

# What the function may do: launch and wake the box of this app, and nothing else.
resource "aws_iam_role_policy" "function" {
  name   = "pushbox"
  role   = aws_iam_role.function.name
  policy = <<-JSON
    {{policy}}
  JSON
}

# Takes deliveries and decides what they mean for the box.
resource "aws_lambda_function" "function" {
  function_name    = {{function}}
  role             = aws_iam_role.function.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [{{arch}}]
  memory_size      = {{memory}}
  timeout          = 300
  filename         = "${path.module}/function.zip"
  source_code_hash = filebase64sha256("${path.module}/function.zip")
#if concurrency

  reserved_concurrent_executions = {{concurrency}}
#end

  environment {
    variables = {
      PUSHBOX_WEBHOOK_SECRETS = var.webhook_secret
      PUSHBOX_ADMIN_KEY       = var.admin_key
      PUSHBOX_FUNCTION_URL    = trimsuffix(var.function_url, "/")
#if group
      PUSHBOX_SECURITY_GROUPS = aws_security_group.visitors.id
#end
#if box role

      PUSHBOX_INSTANCE_PROFILE = aws_iam_instance_profile.box.name
#end
    }
  }

  depends_on = [aws_cloudwatch_log_group.function]
}

# By itself CloudWatch would keep logs for ever, and you would pay for that.
resource "aws_cloudwatch_log_group" "function" {
  name              = {{log_group}}
  retention_in_days = {{log_days}}
}

# What git hosts call. A signature opens it, not a login at AWS.
resource "aws_lambda_function_url" "function" {
  function_name      = aws_lambda_function.function.function_name
  authorization_type = "NONE"
}

# Everybody may call the URL, and nobody the function by another way. URLs need both since October 2025.
resource "aws_lambda_permission" "url" {
  statement_id           = "url"
  function_name          = aws_lambda_function.function.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

# The other of the two that URLs need.
resource "aws_lambda_permission" "invoke" {
  statement_id             = "invoke"
  function_name            = aws_lambda_function.function.function_name
  action                   = "lambda:InvokeFunction"
  principal                = "*"
  invoked_via_function_url = true
}
#if group
#if vpc

# The network of the subnet: the security group must be in the same.
data "aws_subnet" "box" {
  id = {{subnet}}
}
#end

# Nobody gets into the box but by the ports that the app publishes.
resource "aws_security_group" "visitors" {
  name        = {{function}}
  description = {{group_help}}
#if vpc
  vpc_id      = data.aws_subnet.box.vpc_id
#end

{{ingress}}

  # Out it may go anywhere: for packages, code and images.
  egress {
    description = "The box fetches packages, code and images"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
#end
#if elastic

# An address that stays the same.
resource "aws_eip" "box" {
  domain = "vpc"

  # The function gives it to the box, and Terraform must not take it away.
  lifecycle {
    ignore_changes = [instance, network_interface]
  }
}
#end
#if box role

# A box with secrets reads them with this role.
resource "aws_iam_role" "box" {
  name = {{box_role}}
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

# What the box may do: read the secrets of this app, and nothing else.
resource "aws_iam_role_policy" "box" {
  name   = "pushbox"
  role   = aws_iam_role.box.name
  policy = <<-JSON
    {{box_policy}}
  JSON
}

# By it EC2 gives the role to a box.
resource "aws_iam_instance_profile" "box" {
  name = {{box_role}}
  role = aws_iam_role.box.name
}
#end
#if budget

# Mail before a bill is a surprise.
resource "aws_budgets_budget" "account" {
  name         = {{function}}
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "{{budget}}"
  limit_unit   = "USD"

  notification {
    notification_type          = "ACTUAL"
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = [var.budget_email]
  }
}
#end

# Goes into the webhook at the git host.
output "function_url" {
  description = "At the git host, with hook at its end."
  value       = aws_lambda_function_url.function.function_url
}
#if elastic

# Goes to whoever has your domain.
output "address" {
  description = "The address of the box, which a domain has as its A record."
  value       = aws_eip.box.public_ip
}
#end
