variable "name" {
  description = "Name of the workload; every resource of the network carries it, with a prefix of its kind."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.name))
    error_message = "name must be 2 to 12 lower-case letters and digits and start with a letter, for example \"petclinic\"."
  }
}

variable "resource_group_name" {
  description = "Resource group that holds the network; it must outlive the standby, so that the address stays."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region, in its short form."
  type        = string
  nullable    = false
}

variable "address_space" {
  description = "Private IPv4 range of the virtual network. It must not overlap with a network that is ever joined to it."
  type        = string
  nullable    = false

  validation {
    condition = can(cidrnetmask(var.address_space)) && can(regex(
      "^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.address_space
    ))
    error_message = "address_space must be a private IPv4 range of RFC 1918 in CIDR form, for example \"10.42.0.0/16\"."
  }

  # cidrhost gives the first address of the block: a range written from another address is a typing error.
  validation {
    condition     = try(cidrhost(var.address_space, 0) == split("/", var.address_space)[0], false)
    error_message = "address_space must start at the first address of its block: \"10.42.0.0/16\", not \"10.42.3.0/16\"."
  }

  # nodes /22 + gateway /24 + database /28 fit a /20 with room to spare; beyond /16 other networks are crowded out.
  validation {
    condition     = try(tonumber(split("/", var.address_space)[1]) >= 16 && tonumber(split("/", var.address_space)[1]) <= 20, false)
    error_message = "address_space must be a block of /16 to /20: the subnets need at least a /20."
  }
}

variable "subnet_prefix_lengths" {
  description = "Size of each subnet: nodes (AKS), gateway (Application Gateway) and database (MySQL, delegated)."
  type = object({
    nodes    = optional(number, 22)
    gateway  = optional(number, 24)
    database = optional(number, 28)
  })
  default  = {}
  nullable = false

  # Azure takes subnets down to /29. The gateway needs 125 addresses for its instances, hence /24 is its usual size.
  validation {
    condition = (
      var.subnet_prefix_lengths.nodes >= 21 && var.subnet_prefix_lengths.nodes <= 26 &&
      var.subnet_prefix_lengths.gateway >= 23 && var.subnet_prefix_lengths.gateway <= 26 &&
      var.subnet_prefix_lengths.database >= 24 && var.subnet_prefix_lengths.database <= 29
    )
    error_message = "subnet_prefix_lengths must be: nodes 21 to 26, gateway 23 to 26, database 24 to 29."
  }
}

variable "domain_name_label" {
  description = "First label of the gateway's public name, <label>.<region>.cloudapp.azure.com. It must be free in the region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,61}[a-z0-9]$", var.domain_name_label))
    error_message = "domain_name_label must be 3 to 63 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "zones" {
  description = "Availability zones of the public address; an empty list in a region that has none. The gateway can only use zones that its address has."
  type        = list(string)
  default     = ["1", "2", "3"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones may hold \"1\", \"2\" and \"3\", each once, or be empty."
  }
}

variable "gateway_source_prefixes" {
  description = "Who may reach the gateway on 443: address ranges, or the service tag Internet. The origin secret refuses strangers in any case."
  type        = list(string)
  default     = ["Internet"]
  nullable    = false

  validation {
    condition = length(var.gateway_source_prefixes) > 0 && alltrue([
      for prefix in var.gateway_source_prefixes : prefix == "Internet" || can(cidrnetmask(prefix))
    ])
    error_message = "gateway_source_prefixes must hold at least one IPv4 range in CIDR form, or \"Internet\"."
  }

  # A rule with several sources takes ranges only; the tag stands alone.
  validation {
    condition     = !contains(var.gateway_source_prefixes, "Internet") || length(var.gateway_source_prefixes) == 1
    error_message = "gateway_source_prefixes must be either [\"Internet\"] or address ranges, not both."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
