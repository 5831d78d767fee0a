# The second runner: it works as the pipeline's identity, so what the one may the other may, and nothing more.

locals {
  container_jobs = var.container_job == null ? {} : { runner = var.container_job }

  # How the stages go, for the controller to read. Nothing of it is needed after the day.
  container_job_containers = { for name, job in local.container_jobs : name => { delete_after_days = 30, version_retention_days = 1 } }

  # What the pipeline's identity needs besides: to tell how the stages go, and to hear that it is to end.
  container_job_roles = merge(
    { for name, job in local.container_jobs : "progress" => { role = "Storage Blob Data Contributor", scope = module.data.container_ids["runner"] } },
    { for name, job in local.container_jobs : "requests" => { role = "Storage Blob Data Reader", scope = module.data.container_ids["handover"] } },
    { for name, job in local.container_jobs : "image" => { role = "AcrPull", scope = var.container_registry_id } if job.registry_server != null },
  )
}

module "container_job" {
  source = "../../modules/container-job"
  count  = var.container_job == null ? 0 : 1

  name                       = local.names.container_job
  environment_name           = local.names.job_environment
  resource_group_name        = azurerm_resource_group.pilot.name
  location                   = azurerm_resource_group.pilot.location
  image                      = var.container_job.image
  registry_server            = var.container_job.registry_server
  identity                   = { id = module.pipeline.id, client_id = module.pipeline.client_id }
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  subscription_id            = var.subscription_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id
  tags                       = local.tags
}

# What the controller does with the job, action by action: it cannot change what the job runs.
resource "azurerm_role_definition" "run_job" {
  count = var.container_job == null ? 0 : 1

  name              = "Pilotlight run the container job (${var.workload})"
  description       = "Starts the job that builds the standby, looks at its executions, and stops one."
  scope             = azurerm_resource_group.pilot.id
  assignable_scopes = [azurerm_resource_group.pilot.id]

  permissions {
    actions = [
      "Microsoft.App/jobs/read",
      "Microsoft.App/jobs/start/action",
      "Microsoft.App/jobs/executions/read",
      "Microsoft.App/jobs/execution/read",
      "Microsoft.App/jobs/stop/execution/action",
    ]
  }
}

resource "azurerm_role_assignment" "controller_runs_job" {
  count = var.container_job == null ? 0 : 1

  scope              = module.container_job[0].id
  role_definition_id = azurerm_role_definition.run_job[0].role_definition_resource_id
  principal_id       = module.controller.principal_id
  principal_type     = "ServicePrincipal"
}
