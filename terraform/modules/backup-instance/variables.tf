variable "workload" {
  description = "Name of the workload whose data are backed up, as the configuration of Pilotlight has it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.workload))
    error_message = "workload must be 2 to 12 of a-z and 0-9, beginning with a letter, as in the configuration."
  }
}

variable "region" {
  description = "AWS Region of the database, of the secret and of this instance, for example eu-west-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS Region like \"eu-west-1\"."
  }
}

variable "vpc_id" {
  description = "VPC in which the database can be reached."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id must be the id of a VPC, vpc-<hexadecimal digits>."
  }
}

variable "subnet_ids" {
  description = "Subnets of that VPC, best in two zones or more, with a way out to the internet (a NAT gateway): the store is in Azure."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0 && alltrue([for id in var.subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "subnet_ids must hold at least one id of a subnet, subnet-<hexadecimal digits>."
  }
}

variable "database" {
  description = <<-EOT
    The primary's database: host and port, the ranges that host can have, the ARN of the secret with username and password of
    the mover's own user, and the ARN of the secret's key where it is not AWS's own. home_secret_arn: a second secret, of
    the login that brings data home, which alone may write; null: nothing can be loaded. security_group_id: the
    database's group, which then lets this instance in; null where that is done elsewhere.
  EOT
  type = object({
    host              = string
    port              = optional(number, 3306)
    cidrs             = list(string)
    secret_arn        = string
    home_secret_arn   = optional(string)
    kms_key_arn       = optional(string)
    security_group_id = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$", var.database.host))
    error_message = "database: host must be the full name of the endpoint, for example \"petclinic.abc.eu-west-1.rds.amazonaws.com\": the certificate is for that name."
  }

  validation {
    condition     = var.database.port >= 1 && var.database.port <= 65535 && floor(var.database.port) == var.database.port
    error_message = "database: port must be a whole number from 1 to 65535."
  }

  validation {
    condition     = length(var.database.cidrs) > 0 && alltrue([for cidr in var.database.cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "database: cidrs must hold IPv4 ranges, those of the database's subnets, for example \"10.0.20.0/22\"; not the whole internet."
  }

  # The six characters that Secrets Manager adds belong to the ARN; with a * in their place other secrets would match.
  validation {
    condition     = can(regex("^arn:aws:secretsmanager:${var.region}:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$", var.database.secret_arn))
    error_message = "database: secret_arn must be the whole ARN of a secret in the same Region, with the six characters at its end and without a wildcard."
  }

  validation {
    condition     = var.database.home_secret_arn == null ? true : can(regex("^arn:aws:secretsmanager:${var.region}:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$", var.database.home_secret_arn))
    error_message = "database: home_secret_arn must be the whole ARN of a secret in the same Region, with the six characters at its end and without a wildcard, or null."
  }

  validation {
    condition     = var.database.kms_key_arn == null ? true : can(regex("^arn:aws:kms:${var.region}:[0-9]{12}:key/[0-9a-f-]{36}$", var.database.kms_key_arn))
    error_message = "database: kms_key_arn must be the ARN of a key in the same Region, arn:aws:kms:<region>:<account>:key/<uuid>, or null."
  }

  validation {
    condition     = var.database.security_group_id == null ? true : can(regex("^sg-[0-9a-f]{8,17}$", var.database.security_group_id))
    error_message = "database: security_group_id must be the id of a security group, sg-<hexadecimal digits>, or null."
  }
}

variable "store" {
  description = "The storage account in Azure and who writes to it there: outputs data_account_name, tenant_id and backup_writer_client_id of terraform/azure/always."
  type = object({
    account   = string
    tenant_id = string
    client_id = string
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.store.account)) && var.store.account != "unset"
    error_message = "store: account must be 3 to 24 lower-case letters and digits: output data_account_name of terraform/azure/always."
  }

  validation {
    condition     = alltrue([for id in [var.store.tenant_id, var.store.client_id] : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id))])
    error_message = "store: tenant_id and client_id must be UUIDs in lower case: outputs tenant_id and backup_writer_client_id of terraform/azure/always."
  }
}

variable "image" {
  description = "The mover's image, by digest: the same bytes as in k8s/restore. docs/backup-system.md says where the digest is printed."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must name a registry, a repository and a digest, such as ghcr.io/pilotlight/mover@sha256:<64 hexadecimal digits>: a tag can be moved."
  }

  validation {
    condition     = !endswith(var.image, "sha256:0000000000000000000000000000000000000000000000000000000000000000")
    error_message = "image still has the placeholder of zeros for a digest: put the digest of a release there."
  }
}

variable "instance_type" {
  description = "Size of the instance, of the ARM family. t4g.small does for a database of some 50 GB."
  type        = string
  default     = "t4g.small"
  nullable    = false

  # Less than 2 GiB is too little for a dump beside a proof; the machine image and the architecture follow from the family.
  validation {
    condition     = can(regex("^(t4g\\.(small|medium|large|xlarge|2xlarge)|[cmr][6-8]gd?\\.(medium|large|xlarge|[2-8]xlarge))$", var.instance_type))
    error_message = "instance_type must be a Graviton size with 2 GiB or more, for example t4g.small, t4g.medium or m7g.large."
  }
}

variable "disk_gb" {
  description = "Size of the disk in GiB, for the log on its way and for the daily proof: one and a half times the data of the database, and 10 more."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.disk_gb >= 20 && var.disk_gb <= 16384 && floor(var.disk_gb) == var.disk_gb
    error_message = "disk_gb must be a whole number from 20 to 16384."
  }
}

variable "spool_max_mb" {
  description = "Megabytes of log that are kept on the disk while the store does not answer. Beyond, the shipper waits, and the server's own retention counts."
  type        = number
  default     = 8192
  nullable    = false

  validation {
    condition     = var.spool_max_mb >= 256 && var.spool_max_mb <= var.disk_gb * 1024 / 2
    error_message = "spool_max_mb must be 256 or more, and at most half of the disk: the proof needs the other half."
  }
}

variable "ship_every_seconds" {
  description = "Seconds from one append of log to the next: data.shipEverySeconds of the configuration."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.ship_every_seconds >= 2 && var.ship_every_seconds <= 30 && floor(var.ship_every_seconds) == var.ship_every_seconds
    error_message = "ship_every_seconds must be a whole number from 2 to 30."
  }
}

variable "schedule" {
  description = "When the dump and the proof begin, UTC. Where the dump is still running then, the proof waits for it."
  type = object({
    dump  = optional(string, "03:00")
    prove = optional(string, "04:00")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for time in values(var.schedule) : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", time))])
    error_message = "schedule: dump and prove must be times of the day like \"03:00\"."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that bounds the instance's role, where the account demands one. Null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:aws:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]{1,512}$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy, arn:aws:iam::<account>:policy/<name>, or null."
  }
}

variable "tags" {
  description = "Further tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
