# One small machine beside the primary's database. It holds nothing that is not in the database or in the store, so it is never mended:
# a sick one is thrown away, and the group makes another.

locals {
  name = "pilotlight-backup-${var.workload}"
  tags = merge({ Name = local.name, workload = var.workload, "managed-by" = "pilotlight" }, var.tags)
}

resource "aws_launch_template" "this" {
  name                   = local.name
  description            = "Backup instance of ${var.workload}: ships the binary log, dumps and proves daily."
  instance_type          = var.instance_type
  user_data              = base64encode(local.cloud_init)
  update_default_version = true
  tags                   = local.tags

  # Read when an instance begins, not when this is applied: a replacement has the patches of its day.
  image_id = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  # The containers use the host's network, so one hop is enough, and nothing that is forwarded reaches the role.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  network_interfaces {
    associate_public_ip_address = false
    delete_on_termination       = true
    security_groups             = [aws_security_group.this.id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 12
      encrypted             = true
      delete_on_termination = true
    }
  }

  # Log on its way, and the server of the proof.
  block_device_mappings {
    device_name = "/dev/sdf"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.disk_gb
      encrypted             = true
      delete_on_termination = true
    }
  }

  # A T4g beyond its share of the processor is slower, not dearer.
  dynamic "credit_specification" {
    for_each = startswith(var.instance_type, "t") ? ["standard"] : []

    content {
      cpu_credits = credit_specification.value
    }
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])

    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                      = local.name
  min_size                  = 1
  max_size                  = 1
  desired_capacity          = 1
  vpc_zone_identifier       = var.subnet_ids
  health_check_type         = "EC2"
  health_check_grace_period = 300
  wait_for_capacity_timeout = "0"

  # One shipper at a time: a group that evens out its zones begins the new one before it ends the old.
  suspended_processes = ["AZRebalance"]

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  # The old one ends first, for the same reason. What is committed meanwhile is shipped by the new one.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 0
    }
  }

  dynamic "tag" {
    for_each = local.tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  # A machine that begins without its rights would be thrown away before they come.
  depends_on = [aws_iam_role_policy.mover, aws_iam_role_policy_attachment.ssm]
}

# No rule lets anybody in: people come by SSM, which the machine itself asks.
resource "aws_security_group" "this" {
  name        = local.name
  description = "Backup instance of ${var.workload}: nothing comes in."
  vpc_id      = var.vpc_id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "database" {
  for_each = toset(var.database.cidrs)

  security_group_id = aws_security_group.this.id
  description       = "The primary's database"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.database.port
  to_port           = var.database.port
  tags              = local.tags
}

# The store, Entra ID, AWS's own services, the image and the packages: none of them has an address that stays.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "Store, Entra ID, AWS, image registry"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = var.database.security_group_id == null ? 0 : 1

  security_group_id            = var.database.security_group_id
  description                  = "Backup instance of ${var.workload}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.database.port
  to_port                      = var.database.port
  tags                         = local.tags
}
