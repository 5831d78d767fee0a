variable "tier" {
  description = "cold: built on the day, at full size. warm: built beforehand and kept small; on the day the controller scales the pool."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["cold", "warm", "parked"], var.tier)
    error_message = "tier must be \"cold\" (built on the day), \"warm\" (running small, scaled on the day) or \"parked\" (built at full size, then stopped)."
  }
}

variable "workload" {
  description = "Name of the workload whose standby is built."
  type        = string
  nullable    = false

  # A wrong state would otherwise build one workload's standby under another one's name.
  validation {
    condition     = var.workload == var.pilot.workload
    error_message = "workload must be the one that the pilot light was made for: look at which state of terraform/azure/always is read."
  }
}

variable "pilot" {
  description = "Output pilot of terraform/azure/always: the names, ids and ranges of what is always there."
  type = object({
    workload           = string
    location           = string
    zones              = list(string)
    tags               = map(string)
    names              = map(string)
    virtual_network    = string
    subnet_ids         = map(string)
    subnet_cidrs       = map(string)
    ingress_ip         = string
    public_ip_id       = string
    private_zone_id    = string
    workspace_id       = string
    collection_rule_id = string
    vault_id           = string
    secret_names       = map(string)
    secrets_version    = number
    certificate_id     = string
    service_accounts   = map(string)
    standby_domain     = string
    maintenance_host   = string
    subscription_id    = string
    tenant_id          = string
    controller_client  = string
    identities = object({
      gateway     = object({ id = string })
      cluster     = object({ id = string })
      kubelet     = object({ id = string, client_id = string, principal_id = string })
      application = object({ id = string, client_id = string })
      restore     = object({ id = string, client_id = string })
    })
  })
  nullable = false
}

variable "mysql_administrator_password" {
  description = "Password of the database's administrator. Ephemeral: neither a plan nor the state holds it."
  type        = string
  nullable    = false
  ephemeral   = true
  sensitive   = true
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

  validation {
    condition     = var.nodes.warm >= 1 && var.nodes.warm <= var.nodes.count && var.nodes.count <= var.nodes.max && var.nodes.max <= 1000
    error_message = "nodes must satisfy 1 <= warm <= count <= max <= 1000."
  }
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
