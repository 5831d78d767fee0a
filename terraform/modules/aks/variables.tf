variable "name" {
  description = "Name of the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$", var.name))
    error_message = "name must be 1 to 63 letters, digits, hyphens and underscores, with a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region, in its short form."
  type        = string
  nullable    = false
}

variable "tenant_id" {
  description = "Entra tenant whose people and identities may use the cluster."
  type        = string
  nullable    = false
}

variable "kubernetes_version" {
  description = "Version such as \"1.33\" or \"1.33.2\"; null takes what AKS makes by default."
  type        = string
  default     = null

  # AKS supports about the three newest minor versions; what is older than this has left even long-term support.
  validation {
    condition = var.kubernetes_version == null ? true : (
      can(regex("^1\\.[0-9]{2}(\\.[0-9]{1,2})?$", var.kubernetes_version)) &&
      try(tonumber(split(".", var.kubernetes_version)[1]) >= 31, false)
    )
    error_message = "kubernetes_version must be 1.31 or newer, as \"1.33\" or \"1.33.2\", or null. \"az aks get-versions\" lists what the region takes."
  }
}

variable "sku_tier" {
  description = "Free, Standard (a promise for the control plane) or Premium (long-term support)."
  type        = string
  default     = "Standard"
  nullable    = false

  validation {
    condition     = contains(["Free", "Standard", "Premium"], var.sku_tier)
    error_message = "sku_tier must be Free, Standard or Premium."
  }
}

variable "control_plane_identity_id" {
  description = "User-assigned identity of the control plane. It exists beforehand with its roles, which take minutes to spread."
  type        = string
  nullable    = false
}

variable "kubelet_identity" {
  description = "User-assigned identity with which the nodes pull images."
  type = object({
    id           = string
    client_id    = string
    principal_id = string
  })
  nullable = false
}

variable "subnet_id" {
  description = "Subnet of the nodes and of the internal load balancer."
  type        = string
  nullable    = false
}

variable "node_pool" {
  description = <<-EOT
    The pool that runs the application and the cluster's own pods. One pool, because a second one is created only after
    the first and would add its minutes to the RTO. count is the number at creation; afterwards the autoscaler moves it
    between min and max.
  EOT
  type = object({
    name    = optional(string, "workload")
    vm_size = optional(string, "Standard_D4s_v5")
    os_disk = optional(string, "Managed")
    count   = number
    min     = number
    max     = number
    zones   = optional(list(string), ["1", "2", "3"])
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,11}$", var.node_pool.name))
    error_message = "node_pool: name must be 1 to 12 lower-case letters and digits and start with a letter."
  }

  # Series that AKS takes for a pool of its own pods: at least 2 vCPUs and 4 GiB.
  validation {
    condition     = can(regex("^Standard_(B|D|E|F)([2-9]|[1-9][0-9]{1,2})[a-z]*(_v[2-9])?$", var.node_pool.vm_size))
    error_message = "node_pool: vm_size must be a B, D, E or F machine with 2 vCPUs or more, for example Standard_D4s_v5."
  }

  # An ephemeral disk lies on the machine itself, so only a machine with a disk of its own (a "d" in its name) has room for it.
  validation {
    condition     = var.node_pool.os_disk == "Managed" || (var.node_pool.os_disk == "Ephemeral" && can(regex("^Standard_[A-Z][0-9]+[a-z]*d[a-z]*(_v[2-9])?$", var.node_pool.vm_size)))
    error_message = "node_pool: os_disk must be \"Managed\", or \"Ephemeral\" with a vm_size that has a disk of its own, for example Standard_D4ds_v5."
  }

  validation {
    condition = (
      var.node_pool.min >= 1 && var.node_pool.min <= var.node_pool.count &&
      var.node_pool.count <= var.node_pool.max && var.node_pool.max <= 1000
    )
    error_message = "node_pool must satisfy 1 <= min <= count <= max <= 1000."
  }

  validation {
    condition     = length(setsubtract(var.node_pool.zones, ["1", "2", "3"])) == 0
    error_message = "node_pool: zones may hold \"1\", \"2\" and \"3\", or be empty in a region that has none."
  }
}

variable "extra_node_pools" {
  description = "Further pools by name, for a workload that needs other machines. Each is created after the cluster."
  type = map(object({
    vm_size = string
    min     = number
    max     = number
    labels  = optional(map(string), {})
    taints  = optional(list(string), [])
    zones   = optional(list(string), ["1", "2", "3"])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.extra_node_pools) : can(regex("^[a-z][a-z0-9]{0,11}$", name)) && name != var.node_pool.name])
    error_message = "extra_node_pools must have names of 1 to 12 lower-case letters and digits, other than the first pool's."
  }

  validation {
    condition     = alltrue([for pool in values(var.extra_node_pools) : pool.min >= 0 && pool.min <= pool.max && pool.max >= 1 && pool.max <= 1000])
    error_message = "extra_node_pools must satisfy 0 <= min <= max and 1 <= max <= 1000."
  }
}

variable "network" {
  description = "Ranges of the pods and services, inside the cluster only, and the range of the virtual network that they must keep clear of."
  type = object({
    virtual_network = string
    pods            = optional(string, "10.244.0.0/16")
    services        = optional(string, "10.96.0.0/16")
  })
  nullable = false

  validation {
    condition     = alltrue([for range in values(var.network) : can(cidrnetmask(range))])
    error_message = "network: virtual_network, pods and services must be IPv4 ranges in CIDR form, for example \"10.244.0.0/16\"."
  }

  # Two ranges overlap when the longer prefix, cut to the shorter one's length, is the shorter one.
  validation {
    condition = try(alltrue([
      for pair in [
        [var.network.virtual_network, var.network.pods],
        [var.network.virtual_network, var.network.services],
        [var.network.pods, var.network.services],
        ] : length(distinct([
          for range in pair : cidrhost("${split("/", range)[0]}/${min([for each in pair : tonumber(split("/", each)[1])]...)}", 0)
      ])) == 2
    ]), false)
    error_message = "network: virtual_network, pods and services must not overlap."
  }
}

variable "authorized_ip_ranges" {
  description = "Public ranges that may reach the API server; empty means all, with Entra ID in front. Agents hosted by Microsoft have no fixed range."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.authorized_ip_ranges : can(cidrnetmask(range))])
    error_message = "authorized_ip_ranges must hold IPv4 ranges in CIDR form, for example \"203.0.113.7/32\"."
  }
}

variable "container_insights" {
  description = "Workspace of the containers' logs and the data collection rule that leads there; null for none."
  type = object({
    workspace_id            = string
    data_collection_rule_id = string
  })
  default = null
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
