# What the module makes of good values.

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

run "keeps_one_machine_and_never_two" {
  command = apply

  assert {
    condition     = aws_autoscaling_group.this.min_size == 1 && aws_autoscaling_group.this.max_size == 1 && aws_autoscaling_group.this.desired_capacity == 1
    error_message = "There must be one machine."
  }

  assert {
    condition     = contains(aws_autoscaling_group.this.suspended_processes, "AZRebalance") && aws_autoscaling_group.this.instance_refresh[0].preferences[0].min_healthy_percentage == 0
    error_message = "A new one must not begin before the old one has ended: two shippers would be at work."
  }

  assert {
    condition     = output.autoscaling_group_name == "pilotlight-backup-petclinic"
    error_message = "The name must be handed on."
  }
}

run "lets_nobody_in" {
  command = apply

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.database) == 0
    error_message = "No rule may let anybody in."
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The metadata must want a session token, and be one hop away at most."
  }

  assert {
    condition     = tostring(aws_launch_template.this.network_interfaces[0].associate_public_ip_address) == "false"
    error_message = "It must have no public address."
  }

  assert {
    condition     = aws_launch_template.this.key_name == null || aws_launch_template.this.key_name == ""
    error_message = "Nobody logs in by a key."
  }

  assert {
    condition     = output.security_group_id == "sg-0fedcba9876543210"
    error_message = "The group must be handed on."
  }
}

run "goes_out_to_the_database_and_to_https_alone" {
  command = apply

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.database) == 1 && aws_vpc_security_group_egress_rule.database["10.0.20.0/22"].from_port == 3306
    error_message = "It must reach the database at its port."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    error_message = "It must reach the store by https."
  }
}

run "encrypts_every_disk" {
  command = apply

  assert {
    condition     = alltrue([for disk in aws_launch_template.this.block_device_mappings : tostring(disk.ebs[0].encrypted) == "true" && disk.ebs[0].volume_type == "gp3"])
    error_message = "Both disks must be encrypted."
  }

  assert {
    condition     = [for disk in aws_launch_template.this.block_device_mappings : disk.ebs[0].volume_size if disk.device_name == "/dev/sdf"][0] == 64
    error_message = "The disk of the log must have its size."
  }
}

run "may_do_only_what_it_does" {
  command = apply

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.mover.policy).Statement : statement.Action[0]] == ["sts:GetWebIdentityToken", "secretsmanager:GetSecretValue"]
    error_message = "It proves who it is, and reads its login."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.mover.policy).Statement[0].Condition["ForAllValues:StringEquals"]["sts:IdentityTokenAudience"] == ["api://AzureADTokenExchange"] && jsondecode(aws_iam_role_policy.mover.policy).Statement[0].Condition["Null"]["sts:IdentityTokenAudience"] == "false"
    error_message = "The token must be for Entra ID and for nobody else."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.mover.policy).Statement[1].Resource == ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"]
    error_message = "It must read one secret."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.replacement.policy).Statement[0].Resource == ["arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee:autoScalingGroupName/pilotlight-backup-petclinic"]
    error_message = "It must have only itself replaced."
  }

  assert {
    condition     = output.role_arn == "arn:aws:iam::111122223333:role/pilotlight-backup-petclinic"
    error_message = "The role must be handed on, for the trust of Entra ID."
  }
}

run "tells_the_machine_what_to_do" {
  command = apply

  assert {
    condition     = startswith(base64decode(aws_launch_template.this.user_data), "#cloud-config\n")
    error_message = "Cloud-init takes nothing else."
  }

  assert {
    condition     = length(yamldecode(base64decode(aws_launch_template.this.user_data)).write_files) == 11
    error_message = "Six units, four scripts and the settings must be written."
  }

  assert {
    condition     = [for file in yamldecode(base64decode(aws_launch_template.this.user_data)).write_files : strcontains(file.content, "OnCalendar=*-*-* 03:00:00 UTC") if file.path == "/etc/systemd/system/pilotlight-dump.timer"][0]
    error_message = "The dump must begin at 03:00 UTC."
  }

  assert {
    condition     = [for file in yamldecode(base64decode(aws_launch_template.this.user_data)).write_files : strcontains(file.content, "IMAGE=ghcr.io/pilotlight/mover@sha256:1111111111111111111111111111111111111111111111111111111111111111\n") if file.path == "/etc/pilotlight/settings"][0]
    error_message = "The image must be named by its digest."
  }

  assert {
    condition     = length(base64decode(aws_launch_template.this.user_data)) < 16384
    error_message = "EC2 takes no more than 16 KB."
  }
}

run "reads_the_login_for_the_way_home_where_there_is_one" {
  command = apply

  variables {
    database = {
      host            = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs           = ["10.0.20.0/22"]
      secret_arn      = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      home_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/home-GhIjKl"
    }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.mover.policy).Statement[1].Resource == ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/home-GhIjKl"]
    error_message = "It must read its two logins, and no other secret."
  }

  assert {
    condition     = [for file in yamldecode(base64decode(aws_launch_template.this.user_data)).write_files : strcontains(file.content, "HOME_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/home-GhIjKl\n") if file.path == "/etc/pilotlight/settings"][0]
    error_message = "The service for the way home must use its own login."
  }
}

run "opens_the_database_and_the_key_when_asked" {
  command = apply

  variables {
    database = {
      host              = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      port              = 3307
      cidrs             = ["10.0.20.0/22"]
      secret_arn        = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      kms_key_arn       = "arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
      security_group_id = "sg-0123456789abcdef0"
    }
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database[0].security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.database[0].from_port == 3307
    error_message = "The database must let it in, at its port."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.mover.policy).Statement[2].Resource == ["arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"] && jsondecode(aws_iam_role_policy.mover.policy).Statement[2].Condition.StringEquals["kms:ViaService"] == "secretsmanager.eu-west-1.amazonaws.com"
    error_message = "The key must be used by way of Secrets Manager only."
  }
}
