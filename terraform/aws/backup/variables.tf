variable "account_id" {
  description = "AWS account of the database. In any other account nothing is changed."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of an AWS account."
  }
}

# Checked by modules/backup-instance, which refuses a wrong value before anything is built.

variable "workload" {
  description = "Name of the workload whose data are backed up, as the configuration of Pilotlight has it."
  type        = string
  nullable    = false
}

variable "region" {
  description = "AWS Region of the database, of the secret and of this instance, for example eu-west-1."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "VPC in which the database can be reached."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Subnets of that VPC, best in two zones or more, with a way out to the internet (a NAT gateway): the store is in Azure."
  type        = list(string)
  nullable    = false
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
}

variable "store" {
  description = "The storage account in Azure and who writes to it there: outputs data_account_name, tenant_id and backup_writer_client_id of terraform/azure/always."
  type = object({
    account   = string
    tenant_id = string
    client_id = string
  })
  nullable = false
}

variable "image" {
  description = "The mover's image, by digest: the same bytes as in k8s/restore. docs/backup-system.md says where the digest is printed."
  type        = string
  nullable    = false
}

variable "instance_type" {
  description = "Size of the instance, of the ARM family. t4g.small does for a database of some 50 GB."
  type        = string
  default     = "t4g.small"
  nullable    = false
}

variable "disk_gb" {
  description = "Size of the disk in GiB, for the log on its way and for the daily proof: one and a half times the data of the database, and 10 more."
  type        = number
  default     = 64
  nullable    = false
}

variable "spool_max_mb" {
  description = "Megabytes of log that are kept on the disk while the store does not answer. Beyond, the shipper waits, and the server's own retention counts."
  type        = number
  default     = 8192
  nullable    = false
}

variable "ship_every_seconds" {
  description = "Seconds from one append of log to the next: data.shipEverySeconds of the configuration."
  type        = number
  default     = 10
  nullable    = false
}

variable "schedule" {
  description = "When the dump and the proof begin, UTC. Where the dump is still running then, the proof waits for it."
  type = object({
    dump  = optional(string, "03:00")
    prove = optional(string, "04:00")
  })
  default  = {}
  nullable = false
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that bounds the instance's role, where the account demands one. Null: none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Further tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
