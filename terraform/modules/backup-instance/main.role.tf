# Who the machine is. It has no key and no secret: AWS signs a token for this role, Entra ID takes it for the backup writer's identity,
# and the database's password is read when it is needed and kept in memory.

resource "aws_iam_role" "this" {
  name                 = local.name
  description          = "Backup instance of ${var.workload}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = local.name
  role = aws_iam_role.this.name
  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "ssm" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

locals {
  statements = concat(
    [
      {
        Sid    = "ProveWhoItIsToEntra"
        Effect = "Allow"
        Action = ["sts:GetWebIdentityToken"]
        # STS takes no ARN for this call; audience, algorithm and duration are bound instead.
        Resource = ["*"]
        Condition = {
          "ForAllValues:StringEquals" = { "sts:IdentityTokenAudience" = ["api://AzureADTokenExchange"] }
          # ForAllValues holds for a request without any audience too.
          Null                  = { "sts:IdentityTokenAudience" = "false" }
          StringEquals          = { "sts:SigningAlgorithm" = "RS256" }
          NumericLessThanEquals = { "sts:DurationSeconds" = "300" }
        }
      },
      {
        Sid      = "ReadItsOwnLogin"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = compact([var.database.secret_arn, var.database.home_secret_arn])
      },
    ],
    [
      for arn in compact([var.database.kms_key_arn]) : {
        Sid       = "OpenItsOwnLogin"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [arn]
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.amazonaws.com" } }
      }
    ],
  )
}

resource "aws_iam_role_policy" "mover" {
  name   = "mover"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

# Apart from the other, because the group waits for that one: the machine may have itself replaced, and nobody else.
resource "aws_iam_role_policy" "replacement" {
  name = "replacement"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "HaveItselfReplaced"
      Effect   = "Allow"
      Action   = ["autoscaling:SetInstanceHealth"]
      Resource = [aws_autoscaling_group.this.arn]
    }]
  })
}
