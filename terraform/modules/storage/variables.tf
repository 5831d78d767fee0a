variable "name" {
  description = "Name of the storage account, unique in all of Azure."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name must be 3 to 24 lower-case letters and digits: Azure takes nothing else for a storage account."
  }
}

variable "resource_group_name" {
  description = "Resource group of the account."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region, in its short form."
  type        = string
  nullable    = false
}

variable "replication_type" {
  description = "Copies that Azure keeps: LRS (one building), ZRS (three zones), GRS, RAGRS, GZRS or RAGZRS (a second region too)."
  type        = string
  default     = "ZRS"
  nullable    = false

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"], var.replication_type)
    error_message = "replication_type must be LRS, ZRS, GRS, RAGRS, GZRS or RAGZRS."
  }
}

variable "versioning_enabled" {
  description = "Keep what a blob was before it was overwritten or deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "version_retention_days" {
  description = "Days after which an old version is deleted."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.version_retention_days >= 1 && var.version_retention_days <= 3650
    error_message = "version_retention_days must be 1 to 3650."
  }
}

variable "soft_delete_days" {
  description = "Days in which a deleted blob or container can be brought back."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.soft_delete_days >= 1 && var.soft_delete_days <= 365
    error_message = "soft_delete_days must be 1 to 365."
  }
}

variable "containers" {
  description = <<-EOT
    Private containers by name. delete_after_days: the lifecycle deletes a blob that many days after its last change
    (null: never). version_retention_days: the same for its old versions (null: as the account). immutable_days: nobody can
    change or delete a blob for that many days (null: no such policy). append_allowed: blocks may be added to append blobs all
    the same. immutability_locked: the policy can only be prolonged from then on, by nobody shortened.
  EOT
  type = map(object({
    delete_after_days      = optional(number)
    version_retention_days = optional(number)
    immutable_days         = optional(number)
    append_allowed         = optional(bool, false)
    immutability_locked    = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.containers) : can(regex("^[a-z0-9](-?[a-z0-9]){2,62}$", name))])
    error_message = "containers must have names of 3 to 63 lower-case letters, digits and single hyphens, with a letter or digit at both ends."
  }

  validation {
    condition = alltrue([
      for container in values(var.containers) : container.delete_after_days == null ? true : (
        container.delete_after_days >= 1 && container.delete_after_days <= 3650
      )
    ])
    error_message = "containers: delete_after_days must be 1 to 3650, or null for never."
  }

  # A blob that is still immutable when its deletion is due would stay, and cost, without anybody being told.
  validation {
    condition = alltrue([
      for container in values(var.containers) : container.immutable_days == null ? true : (
        container.immutable_days >= 1 && container.immutable_days <= coalesce(container.delete_after_days, 146000)
      )
    ])
    error_message = "containers: immutable_days must be 1 to 146000 and not longer than delete_after_days."
  }

  validation {
    condition = alltrue([
      for container in values(var.containers) : container.version_retention_days == null ? true : (
        container.version_retention_days >= 1 && container.version_retention_days <= 3650
      )
    ])
    error_message = "containers: version_retention_days must be 1 to 3650, or null for the account's own."
  }

  # It is an exception from the policy; without one it would say nothing, and look as if it did.
  validation {
    condition     = alltrue([for container in values(var.containers) : container.immutable_days != null if container.append_allowed])
    error_message = "containers: append_allowed needs immutable_days; without such a policy everybody who may write may append."
  }
}

variable "static_website" {
  description = "Documents of the static website, or null for none."
  type = object({
    index_document     = string
    error_404_document = string
  })
  default = null

  validation {
    condition = var.static_website == null ? true : alltrue([
      for document in values(var.static_website) : can(regex("^[A-Za-z0-9._-]+\\.html$", document))
    ])
    error_message = "static_website: index_document and error_404_document must be plain file names that end in .html."
  }
}

variable "allowed_ip_ranges" {
  description = "Public ranges that may reach the account; empty means everybody with the right role. A website needs the empty list."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.allowed_ip_ranges : can(regex("^[0-9.]+(/([0-9]|[12][0-9]|30))?$", range))])
    error_message = "allowed_ip_ranges must hold IPv4 addresses or ranges up to /30: the storage firewall takes no /31 and no /32, write the bare address."
  }

  validation {
    condition     = var.static_website == null || length(var.allowed_ip_ranges) == 0
    error_message = "allowed_ip_ranges must be empty for an account with a static website, which everybody has to reach."
  }
}

variable "allowed_subnet_ids" {
  description = "Subnets, with the service endpoint Microsoft.Storage, that may reach an account with allowed_ip_ranges."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "delete_lock_enabled" {
  description = "Put a lock on the account that refuses its deletion. The one who applies must be allowed to write locks."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
