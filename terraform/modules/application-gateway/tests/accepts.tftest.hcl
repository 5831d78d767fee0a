# What the gateway makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_application_gateway" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGateways/agw-petclinic"
    }
  }

  mock_resource "azurerm_resource_group_template_deployment" {
    defaults = {
      id             = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Resources/deployments/agw-petclinic-waf"
      output_content = "{\"policyId\": {\"type\": \"String\", \"value\": \"/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/agw-petclinic-waf\"}}"
    }
  }
}

run "serves_https_with_the_certificate_of_the_vault" {
  command = apply

  assert {
    condition     = one(azurerm_application_gateway.this.ssl_certificate).key_vault_secret_id == "https://kv-petclinic.vault.azure.net/secrets/standby-tls"
    error_message = "The certificate must come from the vault."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.http_listener).protocol == "Https" && one(azurerm_application_gateway.this.frontend_port).port == 443
    error_message = "Nothing but HTTPS on 443."
  }

  assert {
    condition     = azurerm_application_gateway.this.ssl_policy[0].policy_name == "AppGwSslPolicy20220101"
    error_message = "TLS 1.2 or newer."
  }

  assert {
    condition     = azurerm_application_gateway.this.identity[0].identity_ids == toset(["/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-gateway"])
    error_message = "The gateway must read the vault as its identity."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.frontend_ip_configuration).public_ip_address_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
    error_message = "The gateway must take the address that is always there."
  }

  assert {
    condition     = azurerm_application_gateway.this.autoscale_configuration[0].min_capacity == 2 && azurerm_application_gateway.this.autoscale_configuration[0].max_capacity == 10
    error_message = "The gateway must scale between the bounds."
  }

  assert {
    condition     = output.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGateways/agw-petclinic" && output.name == "agw-petclinic"
    error_message = "Id and name must be handed on."
  }
}

run "asks_the_application_for_its_health" {
  command = apply

  assert {
    condition     = one(azurerm_application_gateway.this.probe).path == "/actuator/health/readiness" && one(azurerm_application_gateway.this.probe).host == "standby.example.com"
    error_message = "The probe must ask the health path."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.backend_http_settings).probe_name == one(azurerm_application_gateway.this.probe).name
    error_message = "The probe must be the one that is used."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.backend_address_pool).ip_addresses == toset(["10.42.3.246"])
    error_message = "The backend must be the address that was given."
  }

  assert {
    condition     = output.backend_ip_addresses == tolist(["10.42.3.246"])
    error_message = "The backend must be handed on."
  }
}

run "says_who_answered" {
  command = apply

  assert {
    condition     = [for rule in one(azurerm_application_gateway.this.rewrite_rule_set).rewrite_rule : one(rule.response_header_configuration).header_value if rule.name == "name-the-origin"] == ["standby"]
    error_message = "Every answer must say that the standby gave it."
  }

  assert {
    condition     = [for rule in one(azurerm_application_gateway.this.rewrite_rule_set).rewrite_rule : one(rule.response_header_configuration).header_name if rule.name == "name-the-origin"] == ["x-pilotlight-origin"]
    error_message = "The header must have the name that the edge reads."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.request_routing_rule).rewrite_rule_set_name == one(azurerm_application_gateway.this.rewrite_rule_set).name
    error_message = "The rewrites must be applied."
  }

  assert {
    condition     = [for rule in one(azurerm_application_gateway.this.rewrite_rule_set).rewrite_rule : "${one(rule.request_header_configuration).header_name}=${one(rule.request_header_configuration).header_value}" if rule.name == "drop-the-secret"] == ["x-pilotlight-origin-secret="]
    error_message = "The application must not see the secret."
  }
}

run "refuses_requests_without_the_secret_by_the_firewall" {
  command = apply

  assert {
    condition     = azurerm_application_gateway.this.sku[0].tier == "WAF_v2"
    error_message = "The firewall must be there."
  }

  assert {
    condition     = jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].template_content).resources[0].properties.policySettings.mode == "Prevention"
    error_message = "In any other mode a refusal is only logged."
  }

  assert {
    condition     = [for rule in jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].template_content).resources[0].properties.customRules : "${rule.priority} ${rule.action} ${rule.matchConditions[0].operator} ${rule.matchConditions[0].negationConditon}"] == ["1 Block Any true", "2 Block Equal true", "3 Allow Equal false"]
    error_message = "Absent and wrong must be refused, right must be admitted."
  }

  assert {
    condition     = alltrue([for rule in jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].template_content).resources[0].properties.customRules : rule.matchConditions[0].matchVariables[0].selector == "x-pilotlight-origin-secret"])
    error_message = "Every rule must look at the secret's header."
  }

  assert {
    condition     = jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].parameters_content).secrets.reference.secretName == "origin-secret" && jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].parameters_content).secrets.reference.keyVault.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic"
    error_message = "Azure must fetch the secret from the vault by itself."
  }

  assert {
    condition     = !can(jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].parameters_content).secrets.value)
    error_message = "No value of a secret may be in the deployment."
  }

  assert {
    condition     = output.firewall_policy_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/agw-petclinic-waf"
    error_message = "The id of the policy must be handed on."
  }

  assert {
    condition     = azurerm_application_gateway.this.firewall_policy_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/agw-petclinic-waf"
    error_message = "The gateway must use the policy."
  }
}

run "applies_the_managed_rules_when_asked" {
  command = apply

  variables {
    managed_rules_enabled = true
    origin_secret_serial  = 4
  }

  assert {
    condition     = [for rule in jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].template_content).resources[0].properties.customRules : rule.action] == ["Block", "Block"]
    error_message = "Nobody may be spared the managed rules."
  }

  assert {
    condition     = jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].template_content).resources[0].properties.policySettings.requestBodyCheck
    error_message = "The managed rules look at bodies."
  }

  assert {
    condition     = jsondecode(azurerm_resource_group_template_deployment.waf_policy[0].parameters_content).serial.value == 4
    error_message = "A new serial must make a new deployment."
  }
}

run "refuses_requests_without_the_secret_by_routing" {
  command = apply

  variables {
    sku_tier                = "Standard_v2"
    origin_secret_reference = null
    refusal_url             = "https://maintenance.example.com/"
    origin_secret           = "0123456789abcdef0123456789abcdef"
  }

  assert {
    condition     = azurerm_application_gateway.this.sku[0].tier == "Standard_v2" && azurerm_application_gateway.this.firewall_policy_id == null
    error_message = "The cheaper tier has no firewall."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.request_routing_rule).rule_type == "PathBasedRouting"
    error_message = "Only a rule by paths looks at the path again."
  }

  assert {
    condition     = nonsensitive([for rule in one(azurerm_application_gateway.this.rewrite_rule_set).rewrite_rule : "${one(rule.condition).variable} ${one(rule.condition).pattern} ${one(rule.condition).negate} ${rule.url[0].reroute}" if rule.name == "refuse-strangers"]) == ["http_req_x-pilotlight-origin-secret ^0123456789abcdef0123456789abcdef$ true true"]
    error_message = "Whoever does not bear the secret must be sent away."
  }

  assert {
    condition     = one(azurerm_application_gateway.this.redirect_configuration).target_url == "https://maintenance.example.com/"
    error_message = "Strangers must land on the maintenance page."
  }

  assert {
    condition     = one(one(azurerm_application_gateway.this.url_path_map).path_rule).redirect_configuration_name == one(azurerm_application_gateway.this.redirect_configuration).name
    error_message = "The path of the refusal must lead to the redirect."
  }

  assert {
    condition     = output.firewall_policy_id == null
    error_message = "No firewall, no policy."
  }
}
