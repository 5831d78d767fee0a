# The gate: who does not bear the origin secret is not from our CloudFront distribution and is refused.
#
# Why a template: azurerm_web_application_firewall_policy has no write-only argument, so the secret would be in the
# state and in every plan. A template's parameter may instead point at Key Vault, and Azure fetches the value itself.

locals {
  waf_enabled   = var.sku_tier == "WAF_v2"
  secret_header = "x-pilotlight-origin-secret"

  header_condition = {
    matchVariables = [{ variableName = "RequestHeaders", selector = local.secret_header }]
  }

  # Two rules, because a comparison says nothing of a header that is not there.
  refusing_rules = [
    {
      name     = "RefuseWithoutOriginSecret"
      priority = 1
      ruleType = "MatchRule"
      action   = "Block"
      state    = "Enabled"
      matchConditions = [merge(local.header_condition, {
        operator = "Any", negationConditon = true, matchValues = [], transforms = []
      })]
    },
    {
      name     = "RefuseWrongOriginSecret"
      priority = 2
      ruleType = "MatchRule"
      action   = "Block"
      state    = "Enabled"
      matchConditions = [merge(local.header_condition, {
        operator = "Equal", negationConditon = true, matchValues = "[variables('secrets')]", transforms = []
      })]
    },
  ]

  # An Allow ends the evaluation, so whoever passed the two rules above is spared the managed ones.
  admitting_rules = [
    {
      name     = "AdmitOriginSecret"
      priority = 3
      ruleType = "MatchRule"
      action   = "Allow"
      state    = "Enabled"
      matchConditions = [merge(local.header_condition, {
        operator = "Equal", negationConditon = false, matchValues = "[variables('secrets')]", transforms = []
      })]
    },
  ]

  policy_template = {
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    parameters = {
      name     = { type = "string" }
      location = { type = "string" }
      tags     = { type = "object" }
      secrets  = { type = "securestring" }
      serial   = { type = "int" }
    }
    variables = { secrets = "[split(parameters('secrets'), ',')]" }
    resources = [{
      type       = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"
      apiVersion = "2024-05-01"
      name       = "[parameters('name')]"
      location   = "[parameters('location')]"
      tags       = "[parameters('tags')]"
      properties = {
        policySettings = {
          state = "Enabled"
          # In Detection mode a Block only logs.
          mode = "Prevention"
          # With inspection on, a body over 128 KB is refused, whatever the rules say.
          requestBodyCheck       = var.managed_rules_enabled
          maxRequestBodySizeInKb = 128
          fileUploadLimitInMb    = 100
        }
        customRules  = concat(local.refusing_rules, [for rule in local.admitting_rules : rule if !var.managed_rules_enabled])
        managedRules = { managedRuleSets = [{ ruleSetType = "Microsoft_DefaultRuleSet", ruleSetVersion = "2.1" }] }
      }
    }]
    outputs = {
      policyId = {
        type  = "string"
        value = "[resourceId('Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies', parameters('name'))]"
      }
    }
  }
}

resource "azurerm_resource_group_template_deployment" "waf_policy" {
  count = local.waf_enabled ? 1 : 0

  name                = "${var.name}-waf"
  resource_group_name = var.resource_group_name
  deployment_mode     = "Incremental"
  template_content    = jsonencode(local.policy_template)
  tags                = var.tags

  parameters_content = jsonencode({
    name     = { value = "${var.name}-waf" }
    location = { value = var.location }
    tags     = { value = var.tags }
    serial   = { value = var.origin_secret_serial }
    secrets = {
      reference = {
        keyVault   = { id = var.origin_secret_reference.vault_id }
        secretName = var.origin_secret_reference.name
      }
    }
  })
}
