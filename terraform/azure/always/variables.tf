variable "subscription_id" {
  description = "Azure subscription of the standby."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id must be a GUID in small letters, as \"az account show --query id\" prints it."
  }
}

variable "workload" {
  description = "Name of the protected workload, the same as in Pilotlight's configuration. All names are made of it."
  type        = string
  nullable    = false

  # 12 is what leaves room in the 24 characters of a storage account's name.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.workload))
    error_message = "workload must be 2 to 12 lower-case letters and digits and start with a letter, for example \"petclinic\"."
  }
}

variable "location" {
  description = "Azure region of the standby, in its short form."
  type        = string
  nullable    = false

  # Azure's public regions, as of the end of 2026; extend the list when Azure opens one.
  validation {
    condition = contains([
      "australiacentral", "australiaeast", "australiasoutheast", "austriaeast", "belgiumcentral", "brazilsouth",
      "canadacentral", "canadaeast", "centralindia", "centralus", "chilecentral", "eastasia", "eastus", "eastus2",
      "francecentral", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth", "japaneast", "japanwest",
      "koreacentral", "koreasouth", "malaysiawest", "mexicocentral", "newzealandnorth", "northcentralus", "northeurope",
      "norwayeast", "polandcentral", "qatarcentral", "southafricanorth", "southcentralus", "southeastasia", "southindia",
      "spaincentral", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "ukwest", "westcentralus", "westeurope",
      "westindia", "westus", "westus2", "westus3",
    ], var.location)
    error_message = "location must be a public Azure region in its short form, for example \"koreacentral\"; \"az account list-locations -o table\" lists them."
  }
}

variable "identity_location" {
  description = "Azure region of the identities where it differs from location: some regions take no federated credential. Null: the same region."
  type        = string
  default     = null
}

variable "zones" {
  description = "Availability zones of the region; empty where it has none."
  type        = list(string)
  default     = ["1", "2", "3"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones may hold \"1\", \"2\" and \"3\", or be empty in a region that has none."
  }
}

variable "address_space" {
  description = "Private range of the virtual network, /16 to /20."
  type        = string
  default     = "10.42.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.address_space))
    error_message = "address_space must be an IPv4 range in CIDR form, for example \"10.42.0.0/16\"."
  }
}

variable "ingress_host_from_end" {
  description = "Where in the nodes' subnet the internal load balancer lies, counted back from the subnet's end: nodes take their addresses from the start."
  type        = number
  default     = 10
  nullable    = false

  # -1 is the broadcast address, which Azure keeps.
  validation {
    condition     = var.ingress_host_from_end >= 2 && var.ingress_host_from_end <= 16
    error_message = "ingress_host_from_end must be 2 to 16."
  }
}

variable "standby_domain_name" {
  description = "Name under which the edge reaches the gateway, and for which the certificate is. It must lead to the gateway's address (output gateway_ip_address). Null: the name that Azure gives, <label>.<region>.cloudapp.azure.com."
  type        = string
  default     = null

  validation {
    condition     = var.standby_domain_name == null ? true : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.standby_domain_name))
    error_message = "standby_domain_name must be a full domain name in small letters, for example \"standby.example.com\"."
  }
}

variable "gateway_source_prefixes" {
  description = "Who may reach the gateway on 443: ranges, or the service tag Internet."
  type        = list(string)
  default     = ["Internet"]
  nullable    = false
}

variable "aws_issuer_url" {
  description = "Issuer of the AWS account that runs the controller: IssuerIdentifier in the answer of \"aws iam get-outbound-web-identity-federation-info\"."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tokens\\.sts\\.global\\.api\\.aws$", var.aws_issuer_url))
    error_message = "aws_issuer_url must be https://<uuid>.tokens.sts.global.api.aws, without a slash at the end."
  }
}

variable "controller_role_arns" {
  description = "ARNs of the IAM roles of the controller's functions that speak to Azure, by a short name. The case counts."
  type        = map(string)
  nullable    = false

  validation {
    condition = length(var.controller_role_arns) > 0 && alltrue([
      for arn in values(var.controller_role_arns) : can(regex("^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$", arn))
    ])
    error_message = "controller_role_arns must hold at least one ARN of an IAM role, arn:aws:iam::<account>:role/<name>."
  }
}

variable "backup_writer_role_arn" {
  description = "ARN of the IAM role that copies the primary's backups to Azure. Null: no such identity is made."
  type        = string
  default     = null

  validation {
    condition     = var.backup_writer_role_arn == null ? true : can(regex("^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$", var.backup_writer_role_arn))
    error_message = "backup_writer_role_arn must be the ARN of an IAM role, arn:aws:iam::<account>:role/<name>."
  }
}

variable "pipeline_trust" {
  description = "Issuer and subject of the Azure DevOps service connection (workload identity federation), as its page shows them. Null: no Azure DevOps; then container_job runs the Terraform."
  type = object({
    issuer  = string
    subject = string
  })
  default = null

  validation {
    condition = var.pipeline_trust == null ? true : can(regex(
      "^https://(vstoken\\.dev\\.azure\\.com/[0-9a-f-]{36}|login\\.microsoftonline\\.com/[0-9a-f-]{36}/v2\\.0)$", var.pipeline_trust.issuer
    ))
    error_message = "pipeline_trust: issuer must be https://login.microsoftonline.com/<tenant>/v2.0 or https://vstoken.dev.azure.com/<organisation>, as the service connection shows it."
  }

  validation {
    condition     = var.pipeline_trust == null ? true : can(regex("^(sc://[^/]+/[^/]+/[^/]+|/eid1/.+)$", var.pipeline_trust.subject))
    error_message = "pipeline_trust: subject must be sc://<organisation>/<project>/<connection> or /eid1/..., as the service connection shows it."
  }
}

variable "container_job" {
  description = "The second runner, which needs no Azure DevOps: its image by digest, and the registry server where the image is in container_registry_id. Null: no such job is made."
  type = object({
    image           = string
    registry_server = optional(string)
  })
  default = null

  validation {
    condition     = var.pipeline_trust != null || var.container_job != null
    error_message = "container_job: with neither pipeline_trust nor container_job nothing could build the standby. Set one of them, or both."
  }
}

variable "container_registry_id" {
  description = "Azure Container Registry that holds the application's image. Null: the image comes from a public registry."
  type        = string
  default     = null

  validation {
    condition     = var.container_registry_id == null ? true : can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.ContainerRegistry/registries/[A-Za-z0-9]+$", var.container_registry_id))
    error_message = "container_registry_id must be the full id of an Azure Container Registry."
  }
}

variable "storage_replication_type" {
  description = "Copies of the backups: LRS, ZRS, GRS, RAGRS, GZRS or RAGZRS."
  type        = string
  default     = "ZRS"
  nullable    = false
}

variable "backups" {
  description = "How long dumps and logs are kept; whether old versions are kept; for how many days nobody can change or delete one (logs may grow all the same); whether that is locked for good."
  type = object({
    retention_days      = optional(number, 30)
    versioning          = optional(bool, true)
    immutable_days      = optional(number, 7)
    immutability_locked = optional(bool, false)
  })
  default  = {}
  nullable = false

  # The one who writes backups may write, which only this keeps from being an overwriting.
  validation {
    condition     = var.backups.immutable_days >= 1 && var.backups.immutable_days <= var.backups.retention_days
    error_message = "backups: immutable_days must be 1 to retention_days; without it whoever holds the primary's side could overwrite the backups."
  }

  validation {
    condition     = var.backups.retention_days >= 7 && var.backups.retention_days <= 3650
    error_message = "backups: retention_days must be 7 to 3650; with less, a long weekend could leave no good backup."
  }
}

variable "storage_allowed_ip_ranges" {
  description = "Public ranges that may reach backups and state; empty means everybody with the right role. Agents hosted by Microsoft have no fixed range."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "log_retention_days" {
  description = "Days for which logs are kept; the first 31 cost nothing."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "log_retention_days must be 30 to 730."
  }
}

variable "log_daily_quota_gb" {
  description = "Gigabytes of logs a day after which Azure takes no more: a bound on the bill of a bad day."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.log_daily_quota_gb >= 0.1 && var.log_daily_quota_gb <= 100
    error_message = "log_daily_quota_gb must be 0.1 to 100."
  }
}

variable "delete_locks_enabled" {
  description = "Lock the storage accounts against deletion. The one who applies must be allowed to write locks."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Further tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
