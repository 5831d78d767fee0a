# What the pilot light makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_virtual_network" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic"
    }
  }

  mock_resource "azurerm_subnet" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet"
    }
  }

  mock_resource "azurerm_network_security_group" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/networkSecurityGroups/nsg"
    }
  }

  mock_resource "azurerm_public_ip" {
    defaults = {
      id         = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
      ip_address = "203.0.113.10"
      fqdn       = "petclinic-standby.koreacentral.cloudapp.azure.com"
    }
  }

  mock_resource "azurerm_private_dns_zone" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
    }
  }

  mock_resource "azurerm_storage_account" {
    defaults = {
      id                = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata"
      primary_blob_host = "stpetclinicdata.blob.core.windows.net"
      primary_web_host  = "stpetclinicdata.z12.web.core.windows.net"
    }
  }

  mock_resource "azurerm_storage_container" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata/blobServices/default/containers/backups"
    }
  }

  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id           = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-controller"
      client_id    = "33333333-4444-4555-8666-777777777777"
      principal_id = "44444444-5555-4666-8777-888888888888"
    }
  }

  mock_resource "azurerm_container_app_environment" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.App/managedEnvironments/cae-petclinic"
    }
  }

  mock_resource "azurerm_container_app_job" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.App/jobs/job-petclinic-runner"
    }
  }

  mock_resource "azurerm_role_definition" {
    defaults = {
      role_definition_resource_id = "/subscriptions/22222222-3333-4444-8555-666666666666/providers/Microsoft.Authorization/roleDefinitions/cccccccc-dddd-4eee-8fff-000000000000"
    }
  }

  mock_resource "azurerm_resource_group" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot"
    }
  }

  mock_resource "azurerm_log_analytics_workspace" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic"
    }
  }

  mock_resource "azurerm_key_vault" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic-abc123"
    }
  }

  mock_resource "azurerm_monitor_data_collection_rule" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Insights/dataCollectionRules/dcr-petclinic-containers"
    }
  }

  mock_resource "azurerm_key_vault_certificate" {
    defaults = {
      versionless_secret_id = "https://kv-petclinic-abc123.vault.azure.net/secrets/standby-tls"
    }
  }

  mock_resource "azurerm_key_vault_secret" {
    defaults = {
      resource_versionless_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic-abc123/secrets/one"
    }
  }

  mock_data "azurerm_client_config" {
    defaults = {
      tenant_id = "11111111-2222-4333-8444-555555555555"
      object_id = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
    }
  }
}

run "tells_the_controller_what_it_reads" {
  command = apply

  assert {
    condition     = output.subscription_id == "22222222-3333-4444-8555-666666666666"
    error_message = "subscription_id must be known before the day."
  }

  assert {
    condition     = output.tenant_id == "11111111-2222-4333-8444-555555555555"
    error_message = "tenant_id must be known before the day."
  }

  assert {
    condition     = output.controller_client_id == "33333333-4444-4555-8666-777777777777"
    error_message = "controller_client_id must be known before the day."
  }

  assert {
    condition     = output.resource_group == "rg-petclinic-standby"
    error_message = "resource_group must be known before the day."
  }

  assert {
    condition     = output.application_gateway_name == "agw-petclinic"
    error_message = "application_gateway_name must be known before the day."
  }

  assert {
    condition     = output.aks_cluster_name == "aks-petclinic"
    error_message = "aks_cluster_name must be known before the day."
  }

  assert {
    condition     = output.aks_node_pool_name == "workload"
    error_message = "aks_node_pool_name must be known before the day."
  }

  assert {
    condition     = output.mysql_server_name == "mysql-petclinic-4473db"
    error_message = "mysql_server_name must be known before the day."
  }

  assert {
    condition     = output.standby_domain_name == "petclinic-standby.koreacentral.cloudapp.azure.com"
    error_message = "standby_domain_name must be known before the day."
  }

  assert {
    condition     = output.maintenance_domain_name == "stpetclinicdata.z12.web.core.windows.net"
    error_message = "maintenance_domain_name must be known before the day."
  }
}

run "tells_people_what_they_set_up" {
  command = apply

  assert {
    condition     = output.gateway_ip_address == "203.0.113.10"
    error_message = "The address is for the DNS record."
  }

  assert {
    condition     = output.pipeline_client_id == "33333333-4444-4555-8666-777777777777"
    error_message = "The client id is for the service connection."
  }

  assert {
    condition     = output.data_account_name == "stpetclinicdata4473db"
    error_message = "The account is for the state and the backups."
  }

  assert {
    condition     = output.backup_writer_client_id == null
    error_message = "No writer unless its role is given."
  }
}

run "hands_the_failover_what_it_needs" {
  command = apply

  assert {
    condition     = output.pilot.ingress_ip == "10.42.3.246"
    error_message = "The internal load balancer must lie at the end of the nodes' subnet."
  }

  assert {
    condition     = output.pilot.names.standby_group == output.resource_group && output.pilot.names.cluster == output.aks_cluster_name
    error_message = "Promised and handed names must be the same."
  }

  assert {
    condition     = output.pilot.secret_names == { origin = "origin-secret", mysql_administrator = "mysql-administrator-password", database = "petclinic-database-password" }
    error_message = "The secrets must have the names that the manifests mount."
  }

  assert {
    condition     = output.pilot.service_accounts.application == "system:serviceaccount:petclinic:petclinic"
    error_message = "The service account must be the one of the manifests."
  }

  assert {
    condition     = !strcontains(jsonencode(output.pilot), "Correct-Horse-7-Battery") && !strcontains(jsonencode(output.pilot), "0123456789abcdef0123456789abcdef")
    error_message = "No secret may be handed over by the state."
  }
}

run "keeps_every_secret_out_of_the_state" {
  command = apply

  assert {
    condition     = alltrue([for secret in azurerm_key_vault_secret.this : secret.value == null && secret.value_wo == null && secret.value_wo_version == 1])
    error_message = "Secrets must be write-only."
  }

  assert {
    condition     = azurerm_key_vault.this.enabled_for_template_deployment
    error_message = "Azure must be able to read the origin secret for the gateway."
  }

  assert {
    condition     = azurerm_key_vault.this.rbac_authorization_enabled && azurerm_key_vault.this.purge_protection_enabled
    error_message = "Roles must decide, and nothing may be purged."
  }
}

run "has_a_slot_for_the_certificate" {
  command = apply

  # A state of its own: the certificate of an earlier run would rightly be left alone.
  state_key = "own_name"

  variables {
    standby_domain_name = "standby.example.com"
  }

  assert {
    condition     = azurerm_key_vault_certificate.standby.certificate_policy[0].x509_certificate_properties[0].subject == "CN=standby.example.com"
    error_message = "The certificate must be for the name that the edge calls."
  }

  assert {
    condition     = output.standby_domain_name == "standby.example.com"
    error_message = "A name of one's own must win over Azure's."
  }
}

run "has_the_maintenance_page_where_the_edge_asks" {
  command = apply

  assert {
    condition     = azurerm_storage_blob.maintenance_page["maintenance.html"].name == "maintenance.html" && azurerm_storage_blob.maintenance_page["maintenance.html"].storage_container_name == "$web"
    error_message = "route-request.js asks the website for /maintenance.html."
  }

  assert {
    condition     = azurerm_storage_blob.maintenance_page["maintenance.html"].cache_control == "no-store, pilotlight-origin=maintenance"
    error_message = "A cached page would outlive the maintenance, and without its word the edge may not know it."
  }

  assert {
    condition     = strcontains(azurerm_storage_blob.maintenance_page["maintenance.html"].source_content, "We will be back shortly")
    error_message = "The page must hold the text that the controller looks for."
  }
}

run "shows_the_maintenance_page_on_every_path" {
  command = apply

  assert {
    condition     = azurerm_storage_blob.maintenance_page["index.html"].name == "index.html" && azurerm_storage_blob.maintenance_page["index.html"].storage_container_name == "$web"
    error_message = "The website shows index.html where there is no such path."
  }

  assert {
    condition     = azurerm_storage_blob.maintenance_page["index.html"].cache_control == "no-store, pilotlight-origin=maintenance"
    error_message = "On every path it is the same page, so it must be known as such."
  }

  assert {
    condition     = azurerm_storage_blob.maintenance_page["index.html"].source_content == azurerm_storage_blob.maintenance_page["maintenance.html"].source_content
    error_message = "It must be one page, whatever path is asked for."
  }
}

run "closes_the_vault_to_other_ranges" {
  command = apply

  variables {
    vault_allowed_ip_ranges = ["203.0.113.0/24"]
  }

  assert {
    condition     = azurerm_key_vault.this.network_acls[0].default_action == "Deny" && length(azurerm_key_vault.this.network_acls[0].virtual_network_subnet_ids) == 1
    error_message = "Only ranges, subnets and Azure's own services."
  }
}

run "lets_a_backup_job_of_aws_write" {
  command = apply

  variables {
    backup_writer_role_arn = "arn:aws:iam::111122223333:role/petclinic-backup"
  }

  assert {
    condition     = output.backup_writer_client_id == "33333333-4444-4555-8666-777777777777"
    error_message = "The writer must have its client id."
  }

  assert {
    condition     = output.data_account_name == "stpetclinicdata4473db"
    error_message = "Its account must be the one that the controller reads."
  }
}

run "lets_both_sides_write_for_the_way_home_and_nothing_else" {
  command = apply

  variables {
    backup_writer_role_arn = "arn:aws:iam::111122223333:role/petclinic-backup"
  }

  assert {
    condition = toset(azurerm_role_definition.carry_home.permissions[0].data_actions) == toset([
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    ])
    error_message = "They read and add; nothing is deleted."
  }

  assert {
    condition     = azurerm_role_assignment.restore_dumps_home.scope == module.data.container_ids["backups"] && azurerm_role_assignment.backup_writer_answers[0].scope == module.data.container_ids["handover"]
    error_message = "The standby's side dumps into the backups, the primary's side answers in the hand-over."
  }

  assert {
    condition     = alltrue([for condition in [azurerm_role_assignment.restore_dumps_home.condition, azurerm_role_assignment.backup_writer_answers[0].condition] : strcontains(condition, "blobs/write'}) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike 'petclinic/home/*'))") && strcontains(condition, "blobs/add/action'}) OR")])
    error_message = "Both may write below the folder of the way home alone."
  }
}

run "gives_no_role_for_the_way_home_to_a_writer_that_is_not_there" {
  command = apply

  assert {
    condition     = length(azurerm_role_assignment.backup_writer_answers) == 0
    error_message = "Nobody writes from the primary's side."
  }
}

run "has_a_container_for_each_kind_of_data" {
  command = apply

  assert {
    condition     = toset(keys(module.data.container_ids)) == toset(["backups", "handover", "tfstate"])
    error_message = "Backups, what the two sides ask of each other, and states each have a container."
  }
}

run "makes_the_second_runner_where_there_is_no_azure_devops" {
  command = apply

  variables {
    pipeline_trust = null
    container_job  = { image = "ghcr.io/pilotlight/runner@sha256:1111111111111111111111111111111111111111111111111111111111111111" }
  }

  assert {
    condition     = output.container_job_name == "job-petclinic-runner" && output.container_job_resource_group == "rg-petclinic-pilot"
    error_message = "The configuration must be told where the job is."
  }

  assert {
    condition = toset(azurerm_role_definition.run_job[0].permissions[0].actions) == toset([
      "Microsoft.App/jobs/read",
      "Microsoft.App/jobs/start/action",
      "Microsoft.App/jobs/executions/read",
      "Microsoft.App/jobs/execution/read",
      "Microsoft.App/jobs/stop/execution/action",
    ])
    error_message = "The controller must be able to run the job, and not to change it."
  }
}

run "makes_no_second_runner_unasked" {
  command = apply

  assert {
    condition     = output.container_job_name == null && length(azurerm_role_definition.run_job) == 0
    error_message = "Whoever has Azure DevOps alone must not get a job beside it."
  }
}
