terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.45"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "backup_instance" {
  source = "../.."

  workload   = "petclinic"
  region     = "eu-west-1"
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  image      = "ghcr.io/pilotlight/mover@sha256:1111111111111111111111111111111111111111111111111111111111111111"

  database = {
    host              = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
    cidrs             = ["10.0.20.0/22"]
    secret_arn        = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
    port              = 3307
    kms_key_arn       = "arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    security_group_id = "sg-0123456789abcdef0"
  }

  store = {
    account   = "stpetclinicdata1a2b3c"
    tenant_id = "11111111-2222-4333-8444-555555555555"
    client_id = "33333333-4444-4555-8666-777777777777"
  }

  instance_type            = "t4g.medium"
  disk_gb                  = 256
  spool_max_mb             = 32768
  ship_every_seconds       = 5
  schedule                 = { dump = "02:30", prove = "05:00" }
  permissions_boundary_arn = "arn:aws:iam::111122223333:policy/boundary"
  tags                     = { team = "web" }
}
