# What the root hands on.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/pilotlight-backup-petclinic" }
  }

  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::111122223333:instance-profile/pilotlight-backup-petclinic" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-0fedcba9876543210" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 3 }
  }

  mock_resource "aws_autoscaling_group" {
    defaults = { arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee:autoScalingGroupName/pilotlight-backup-petclinic" }
  }
}

run "hands_on_what_others_set_up" {
  command = apply

  assert {
    condition     = output.role_arn == "arn:aws:iam::111122223333:role/pilotlight-backup-petclinic"
    error_message = "The role is for terraform/azure/always."
  }

  assert {
    condition     = output.security_group_id == "sg-0fedcba9876543210"
    error_message = "The group is for the database."
  }

  assert {
    condition     = output.autoscaling_group_name == "pilotlight-backup-petclinic"
    error_message = "The name is for people."
  }
}
