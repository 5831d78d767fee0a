# Checked by modules/standby and the modules below it, which refuse a wrong value before anything is built.

variable "tier" {
  description = "cold: built on the day, at full size. warm: built beforehand and kept small; on the day the controller scales the pool. parked: built beforehand at full size, then stopped by pilotlight park."
  type        = string
  nullable    = false
}

variable "workload" {
  description = "Name of the workload whose standby is built."
  type        = string
  nullable    = false
}

variable "state_storage_account" {
  description = "Storage account of the Terraform states: output data_account_name of terraform/azure/always."
  type        = string
  nullable    = false
}

variable "nodes" {
  description = "Nodes of the cluster: machine size, its disk (Ephemeral costs nothing while a parked standby is stopped), the number on the day, the autoscaler's bound, and how few a warm standby keeps."
  type = object({
    vm_size = optional(string, "Standard_D4s_v5")
    os_disk = optional(string, "Managed")
    count   = optional(number, 3)
    max     = optional(number, 6)
    warm    = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "kubernetes_version" {
  description = "Version such as \"1.33\"; null takes what AKS makes by default."
  type        = string
  default     = null
}

variable "aks_sku_tier" {
  description = "Free, Standard or Premium."
  type        = string
  default     = "Standard"
  nullable    = false
}

variable "authorized_ip_ranges" {
  description = "Public ranges that may reach the cluster's API server; empty means all, with Entra ID in front."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "mysql" {
  description = "The database server: version, size, disk, pair, administrator and parameters."
  type = object({
    version             = optional(string, "8.4")
    sku_name            = optional(string, "GP_Standard_D2ds_v4")
    storage_gb          = optional(number, 64)
    high_availability   = optional(string, "Disabled")
    administrator_login = optional(string, "pilotlight")
    parameters          = optional(map(string), {})
  })
  default  = {}
  nullable = false
}

variable "gateway" {
  description = "The Application Gateway: WAF_v2 or Standard_v2, its most instances, whether Azure's managed rules apply (WAF_v2), and the number to raise when the origin secret has changed."
  type = object({
    sku_tier              = optional(string, "WAF_v2")
    max_capacity          = optional(number, 10)
    managed_rules_enabled = optional(bool, false)
    origin_secret_serial  = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "application" {
  description = "What the gateway asks of the application: the health path and the port of its internal load balancer."
  type = object({
    health_path = optional(string, "/actuator/health/readiness")
    port        = optional(number, 80)
  })
  default  = {}
  nullable = false
}
