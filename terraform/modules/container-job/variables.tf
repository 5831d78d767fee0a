variable "name" {
  description = "Name of the job."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 2 to 32 lower-case letters, digits and hyphens, first a letter, no hyphen last and no two together."
  }
}

variable "environment_name" {
  description = "Name of the Container Apps environment that the job is in."
  type        = string
  nullable    = false
}

variable "resource_group_name" {
  description = "Resource group of both."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region of both, best that of the standby."
  type        = string
  nullable    = false
}

variable "image" {
  description = "Image of the runner (runner/Dockerfile), by its digest: what runs on the day is what was looked at before."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must be named by its digest, like ghcr.io/owner/runner@sha256:<64 hexadecimal digits>. A tag can be moved."
  }
}

variable "registry_server" {
  description = "Azure Container Registry that the image is pulled from by the job's identity, such as petclinic.azurecr.io. Null: everybody may pull it."
  type        = string
  default     = null
}

variable "identity" {
  description = "User-assigned identity that the job works as: that of the pipeline."
  type = object({
    id        = string
    client_id = string
  })
  nullable = false
}

variable "tenant_id" {
  description = "Entra tenant of the identity."
  type        = string
  nullable    = false
}

variable "subscription_id" {
  description = "Subscription of the standby."
  type        = string
  nullable    = false
}

variable "log_analytics_workspace_id" {
  description = "Workspace that the container's output goes to."
  type        = string
  nullable    = false
}

variable "timeout_seconds" {
  description = "After so long Azure ends an execution, whatever it does. All stages together take at most 5400 s."
  type        = number
  default     = 5700
  nullable    = false

  # Terraform may run for 50 minutes and take nine to let go; an end before that leaves the state locked.
  validation {
    condition     = var.timeout_seconds >= 3600 && var.timeout_seconds <= 86400
    error_message = "timeout_seconds must be 3600 to 86400: a Terraform that Azure ends leaves its state locked."
  }
}

variable "size" {
  description = "Cores and memory of the container."
  type = object({
    cpu    = optional(number, 2)
    memory = optional(string, "4Gi")
  })
  default  = {}
  nullable = false

  # Azure takes pairs only: twice as many gibibytes as cores, in steps of a quarter of a core.
  validation {
    condition     = var.size.cpu >= 1 && var.size.cpu <= 4 && var.size.cpu * 4 == floor(var.size.cpu * 4) && var.size.memory == "${var.size.cpu * 2}Gi"
    error_message = "size: cpu must be 1 to 4 in steps of 0.25, and memory twice as many Gi, like 2 and 4Gi. Terraform and the Azure CLI together need more than half a core's."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
