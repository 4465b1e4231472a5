//! One binary for all tests that cross crates: it links once, and its parts share helpers.

mod aws_command;
mod command_line;
mod cost;
mod ec2_boto3;
mod ec2_moto;
mod function_zip;
mod install;
mod local_run;
mod templates;
mod tryout;
