variable "name" {
  description = "Name of the gateway."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]$", var.name))
    error_message = "name must be 2 to 80 letters, digits, dots, hyphens and underscores, and start with a letter or digit."
  }
}

variable "resource_group_name" {
  description = "Resource group of the gateway."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region, in its short form."
  type        = string
  nullable    = false
}

variable "sku_tier" {
  description = <<-EOT
    WAF_v2: a firewall rule refuses requests without the origin secret, and the secret stays out of the state.
    Standard_v2: routing refuses them; cheaper, but the secret is then part of the gateway and of the state.
  EOT
  type        = string
  default     = "WAF_v2"
  nullable    = false

  validation {
    condition     = contains(["WAF_v2", "Standard_v2"], var.sku_tier)
    error_message = "sku_tier must be WAF_v2 or Standard_v2."
  }
}

variable "capacity" {
  description = "Instances between which the gateway scales. A new instance takes minutes, so min is what the first minute of traffic needs."
  type = object({
    min = number
    max = number
  })
  nullable = false

  validation {
    condition     = var.capacity.min >= 0 && var.capacity.min <= 100 && var.capacity.max >= 2 && var.capacity.max <= 125 && var.capacity.min <= var.capacity.max
    error_message = "capacity: min must be 0 to 100, max 2 to 125, and min not above max."
  }
}

variable "zones" {
  description = "Availability zones; the public address must have them too. Empty in a region that has none."
  type        = list(string)
  default     = ["1", "2", "3"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones may hold \"1\", \"2\" and \"3\", or be empty in a region that has none."
  }
}

variable "subnet_id" {
  description = "The gateway's own subnet."
  type        = string
  nullable    = false
}

variable "public_ip_id" {
  description = "The static public address, which exists before the gateway does."
  type        = string
  nullable    = false
}

variable "identity_id" {
  description = "User-assigned identity with which the gateway reads its certificate."
  type        = string
  nullable    = false
}

variable "certificate_secret_id" {
  description = "Key Vault secret id of the certificate, without a version: the gateway then takes a renewed one by itself."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9-]{3,24}\\.vault\\.azure\\.net/secrets/[A-Za-z0-9-]{1,127}/?$", var.certificate_secret_id))
    error_message = "certificate_secret_id must be https://<vault>.vault.azure.net/secrets/<name>, without a version: with one, a renewed certificate would never be served."
  }
}

variable "ssl_policy_name" {
  description = "Azure's predefined set of TLS versions and ciphers."
  type        = string
  default     = "AppGwSslPolicy20220101"
  nullable    = false

  validation {
    condition     = contains(["AppGwSslPolicy20220101", "AppGwSslPolicy20220101S"], var.ssl_policy_name)
    error_message = "ssl_policy_name must be AppGwSslPolicy20220101 or AppGwSslPolicy20220101S; older sets still allow TLS 1.0."
  }
}

variable "backend" {
  description = "The application behind the gateway: its addresses (the internal load balancer), port, and the path and host of the health probe."
  type = object({
    ip_addresses    = list(string)
    port            = optional(number, 80)
    health_path     = string
    health_host     = string
    timeout_seconds = optional(number, 30)
  })
  nullable = false

  validation {
    condition     = length(var.backend.ip_addresses) > 0 && alltrue([for address in var.backend.ip_addresses : can(cidrnetmask("${address}/32"))])
    error_message = "backend: ip_addresses must hold at least one IPv4 address."
  }

  validation {
    condition     = can(regex("^/[A-Za-z0-9._~/-]*$", var.backend.health_path))
    error_message = "backend: health_path must start with a slash and hold no query, for example \"/actuator/health/readiness\"."
  }

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", var.backend.health_host))
    error_message = "backend: health_host must be a host name in small letters, without a scheme or a path."
  }

  validation {
    condition     = var.backend.port >= 1 && var.backend.port <= 65535 && var.backend.timeout_seconds >= 1 && var.backend.timeout_seconds <= 86400
    error_message = "backend: port must be 1 to 65535 and timeout_seconds 1 to 86400."
  }
}

variable "health_probe" {
  description = "How often the gateway asks the application, how long it waits and after how many failures it gives a server up."
  type = object({
    interval_seconds    = optional(number, 5)
    timeout_seconds     = optional(number, 4)
    unhealthy_threshold = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.health_probe.interval_seconds >= 1 && var.health_probe.interval_seconds <= 86400 &&
      var.health_probe.timeout_seconds >= 1 && var.health_probe.timeout_seconds <= var.health_probe.interval_seconds &&
      var.health_probe.unhealthy_threshold >= 1 && var.health_probe.unhealthy_threshold <= 20
    )
    error_message = "health_probe: interval_seconds 1 to 86400, timeout_seconds 1 up to the interval, unhealthy_threshold 1 to 20."
  }
}

variable "origin_header" {
  description = "Value of the response header x-pilotlight-origin, by which everybody sees who answered."
  type        = string
  default     = "standby"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{1,32}$", var.origin_header))
    error_message = "origin_header must be 1 to 32 small letters."
  }
}

variable "origin_secret_reference" {
  description = "WAF_v2: the Key Vault secret that holds the origin secret. Azure itself reads it when it deploys the rule; Terraform never sees it. Two values with a comma between them are both accepted, for a rotation without a gap."
  type = object({
    vault_id = string
    name     = string
  })
  default = null

  validation {
    condition     = (var.sku_tier == "WAF_v2") == (var.origin_secret_reference != null)
    error_message = "origin_secret_reference must be given with sku_tier WAF_v2, and only with it."
  }
}

variable "origin_secret_serial" {
  description = "A number to raise when the secret in the vault has changed: Terraform cannot see a value that it never reads, so this makes Azure deploy the rule again."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.origin_secret_serial >= 1 && floor(var.origin_secret_serial) == var.origin_secret_serial
    error_message = "origin_secret_serial must be a whole number from 1."
  }
}

variable "origin_secret" {
  description = "Standard_v2 only: the origin secret itself. It becomes part of the gateway's routing, so the state holds it."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = (var.sku_tier == "Standard_v2") == (var.origin_secret != null)
    error_message = "origin_secret must be given with sku_tier Standard_v2, and only with it: with WAF_v2 use origin_secret_reference."
  }

  # The value stands in a regular expression, so it may hold nothing that means something there.
  validation {
    condition     = var.origin_secret == null ? true : can(regex("^[A-Za-z0-9_-]{32,128}$", var.origin_secret))
    error_message = "origin_secret must be 32 to 128 letters, digits, hyphens and underscores."
  }
}

variable "refusal_url" {
  description = "Standard_v2 only: where a request without the secret is sent, the maintenance page as a rule."
  type        = string
  default     = null

  validation {
    condition     = var.sku_tier != "Standard_v2" || can(regex("^https://[a-z0-9.-]+/", var.refusal_url))
    error_message = "refusal_url must be an https URL with a path when sku_tier is Standard_v2, for example \"https://maintenance.example.com/\"."
  }
}

variable "managed_rules_enabled" {
  description = "WAF_v2 only: apply Azure's managed rules to requests that bear the secret. Switch them on after a drill has shown no false alarm: the day of a disaster is a bad day to find one."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
