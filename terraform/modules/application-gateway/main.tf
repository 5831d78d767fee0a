locals {
  # Names inside the gateway: they only tie its parts together.
  frontend   = "public"
  port       = "https"
  listener   = "https"
  pool       = "application"
  settings   = "application"
  probe      = "application"
  rewrites   = "pilotlight"
  paths      = "origin-gate"
  refusal    = "refused"
  refuse_url = "/pilotlight-origin-refused"

  # Values of a dynamic block may be sensitive, its keys may not; so whether to route is asked of the tier.
  routing_gate = local.waf_enabled ? [] : ["origin-secret"]

  firewall_policy_id = local.waf_enabled ? jsondecode(
    azurerm_resource_group_template_deployment.waf_policy[0].output_content
  ).policyId.value : null
}

resource "azurerm_application_gateway" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  zones               = var.zones
  http2_enabled       = true
  firewall_policy_id  = local.firewall_policy_id
  tags                = var.tags

  sku {
    name = var.sku_tier
    tier = var.sku_tier
  }

  autoscale_configuration {
    min_capacity = var.capacity.min
    max_capacity = var.capacity.max
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity_id]
  }

  ssl_policy {
    policy_type = "Predefined"
    policy_name = var.ssl_policy_name
  }

  gateway_ip_configuration {
    name      = "subnet"
    subnet_id = var.subnet_id
  }

  frontend_ip_configuration {
    name                 = local.frontend
    public_ip_address_id = var.public_ip_id
  }

  # HTTPS only: the edge never speaks anything else to an origin.
  frontend_port {
    name = local.port
    port = 443
  }

  ssl_certificate {
    name                = "origin"
    key_vault_secret_id = var.certificate_secret_id
  }

  # No host name on the listener: the edge may forward the site's own or the origin's.
  http_listener {
    name                           = local.listener
    frontend_ip_configuration_name = local.frontend
    frontend_port_name             = local.port
    protocol                       = "Https"
    ssl_certificate_name           = "origin"
  }

  backend_address_pool {
    name         = local.pool
    ip_addresses = var.backend.ip_addresses
  }

  backend_http_settings {
    name                  = local.settings
    protocol              = "Http"
    port                  = var.backend.port
    cookie_based_affinity = "Disabled"
    request_timeout       = var.backend.timeout_seconds
    probe_name            = local.probe

    connection_draining {
      enabled           = true
      drain_timeout_sec = 30
    }
  }

  probe {
    name                = local.probe
    protocol            = "Http"
    host                = var.backend.health_host
    path                = var.backend.health_path
    interval            = var.health_probe.interval_seconds
    timeout             = var.health_probe.timeout_seconds
    unhealthy_threshold = var.health_probe.unhealthy_threshold

    match {
      status_code = ["200-299"]
    }
  }

  request_routing_rule {
    name               = "application"
    priority           = 100
    http_listener_name = local.listener

    # Only a rule by paths looks at the path again after a rewrite; pool, settings and rewrites are then in the path map.
    rule_type                  = local.waf_enabled ? "Basic" : "PathBasedRouting"
    rewrite_rule_set_name      = local.waf_enabled ? local.rewrites : null
    backend_address_pool_name  = local.waf_enabled ? local.pool : null
    backend_http_settings_name = local.waf_enabled ? local.settings : null
    url_path_map_name          = local.waf_enabled ? null : local.paths
  }

  rewrite_rule_set {
    name = local.rewrites

    rewrite_rule {
      name          = "name-the-origin"
      rule_sequence = 100

      response_header_configuration {
        header_name  = "x-pilotlight-origin"
        header_value = var.origin_header
      }
    }

    # The application has no use for the secret, and its logs even less.
    rewrite_rule {
      name          = "drop-the-secret"
      rule_sequence = 200

      request_header_configuration {
        header_name  = local.secret_header
        header_value = ""
      }
    }

    dynamic "rewrite_rule" {
      for_each = local.routing_gate

      content {
        name          = "refuse-strangers"
        rule_sequence = 50

        condition {
          variable    = "http_req_${local.secret_header}"
          pattern     = "^${var.origin_secret}$"
          ignore_case = false
          negate      = true
        }

        url {
          components = "path_only"
          path       = local.refuse_url
          reroute    = true
        }
      }
    }
  }

  dynamic "url_path_map" {
    for_each = local.routing_gate

    content {
      name                               = local.paths
      default_backend_address_pool_name  = local.pool
      default_backend_http_settings_name = local.settings
      default_rewrite_rule_set_name      = local.rewrites

      path_rule {
        name                        = local.refusal
        paths                       = [local.refuse_url]
        redirect_configuration_name = local.refusal
      }
    }
  }

  dynamic "redirect_configuration" {
    for_each = local.routing_gate

    content {
      name                 = local.refusal
      redirect_type        = "Found"
      target_url           = var.refusal_url
      include_path         = false
      include_query_string = false
    }
  }
}
