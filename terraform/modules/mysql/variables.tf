variable "name" {
  description = "Name of the server, unique in all of Azure."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the server."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region, in its short form."
  type        = string
  nullable    = false
}

variable "mysql_version" {
  description = "Version of MySQL; the same line as the primary's, or a backup may not load."
  type        = string
  default     = "8.4"
  nullable    = false

  # 5.7 is taken by the provider but no longer maintained.
  validation {
    condition     = contains(["8.0.21", "8.4"], var.mysql_version)
    error_message = "mysql_version must be \"8.0.21\" (Azure's name for the 8.0 line) or \"8.4\"."
  }
}

variable "sku_name" {
  description = "Size of the server: tier and machine, for example GP_Standard_D2ds_v4."
  type        = string
  default     = "GP_Standard_D2ds_v4"
  nullable    = false

  validation {
    condition = can(regex(
      "^(B_Standard_B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)|GP_Standard_D(2|4|8|16|32|48|64)(ds_v4|ads_v5)|MO_Standard_E(2|4|8|16|20|32|48|64|96)(ds_v4|ds_v5|ads_v5))$",
      var.sku_name
    ))
    error_message = "sku_name must be B_Standard_B<n>, GP_Standard_D<n>ds_v4, GP_Standard_D<n>ads_v5 or MO_Standard_E<n>ds_v5 (and kin), for example GP_Standard_D2ds_v4."
  }
}

variable "storage_gb" {
  description = "Size of the disk at the start, in GiB; it grows by itself. It can never shrink."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.storage_gb >= 20 && var.storage_gb <= 16384 && floor(var.storage_gb) == var.storage_gb
    error_message = "storage_gb must be a whole number from 20 to 16384."
  }
}

variable "administrator_login" {
  description = "Name of the server's administrator, whom the restore uses."
  type        = string
  default     = "pilotlight"
  nullable    = false

  validation {
    condition = can(regex("^[A-Za-z0-9_]{1,32}$", var.administrator_login)) && !contains(
      ["azure_superuser", "admin", "administrator", "root", "guest", "public"], lower(var.administrator_login)
    )
    error_message = "administrator_login must be 1 to 32 letters, digits and underscores, and none of azure_superuser, admin, administrator, root, guest, public."
  }
}

variable "administrator_password" {
  description = "Password of the administrator. Ephemeral and write-only: neither a plan nor the state holds it."
  type        = string
  nullable    = false
  ephemeral   = true
  sensitive   = true

  # Azure wants 8 to 128 characters of three kinds out of four; a password nobody types may as well be long.
  validation {
    condition = length(var.administrator_password) >= 16 && length(var.administrator_password) <= 128 && alltrue([
      for kind in ["[a-z]", "[A-Z]", "[0-9]"] : can(regex(kind, var.administrator_password))
    ])
    error_message = "administrator_password must be 16 to 128 characters with small letters, capitals and digits."
  }
}

variable "administrator_password_version" {
  description = "A number to raise when the password has changed: Terraform cannot see a write-only value, so this tells it to write again."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.administrator_password_version >= 1 && floor(var.administrator_password_version) == var.administrator_password_version
    error_message = "administrator_password_version must be a whole number from 1."
  }
}

variable "delegated_subnet_id" {
  description = "Subnet delegated to Microsoft.DBforMySQL/flexibleServers."
  type        = string
  nullable    = false
}

variable "private_dns_zone_id" {
  description = "Private zone, already linked to the network, in which the server registers its name."
  type        = string
  nullable    = false
}

variable "high_availability" {
  description = "Disabled, SameZone or ZoneRedundant. A pair takes longer to create; a short standby rarely needs one."
  type        = string
  default     = "Disabled"
  nullable    = false

  validation {
    condition     = contains(["Disabled", "SameZone", "ZoneRedundant"], var.high_availability)
    error_message = "high_availability must be Disabled, SameZone or ZoneRedundant."
  }

  validation {
    condition     = var.high_availability == "Disabled" || !startswith(var.sku_name, "B_")
    error_message = "high_availability needs a GP_ or MO_ size: Azure makes no pair of burstable servers."
  }
}

variable "backup_retention_days" {
  description = "Days for which Azure keeps its own backups of this server."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be 1 to 35."
  }
}

variable "databases" {
  description = "Databases to create, by name. The restore fills them."
  type = map(object({
    charset   = optional(string, "utf8mb4")
    collation = optional(string, "utf8mb4_0900_ai_ci")
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.databases) : can(regex("^[A-Za-z][A-Za-z0-9_]{0,63}$", name))])
    error_message = "databases must have names of 1 to 64 letters, digits and underscores that start with a letter."
  }
}

variable "server_parameters" {
  description = "Further server parameters that differ from Azure's own, by name. Those that the replay of the primary's log needs are set anyway, and event_scheduler is ON unless it is said here."
  type        = map(string)
  default     = {}
  nullable    = false

  # The application's connections cross the virtual network; without this they could do so in the clear.
  validation {
    condition     = !contains(keys(var.server_parameters), "require_secure_transport")
    error_message = "server_parameters must not hold require_secure_transport: TLS stays required."
  }

  # The first two are the module's own; the others Azure changes one step at a time, so an apply of them fails half-way.
  validation {
    condition = length(setintersection(
      keys(var.server_parameters), ["max_allowed_packet", "log_bin_trust_function_creators", "gtid_mode", "enforce_gtid_consistency"]
    )) == 0
    error_message = "server_parameters must not hold max_allowed_packet, log_bin_trust_function_creators, gtid_mode or enforce_gtid_consistency: the replay of the primary's log needs them as this module and the pipeline set them."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
