//! One binary for all tests that cross crates: it links once, and its parts share helpers.

mod ec2_boto3;
