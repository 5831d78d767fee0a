# What runs on the machine. Units and scripts are files, the same for everybody; what differs is in one file of settings, which holds
# names and no secret.

locals {
  settings = {
    IMAGE           = var.image
    WORKLOAD        = var.workload
    REGION          = var.region
    STORE           = "https://${var.store.account}.blob.core.windows.net"
    TENANT_ID       = var.store.tenant_id
    CLIENT_ID       = var.store.client_id
    DATABASE_HOST   = var.database.host
    DATABASE_PORT   = tostring(var.database.port)
    SECRET_ARN      = var.database.secret_arn
    HOME_SECRET_ARN = coalesce(var.database.home_secret_arn, var.database.secret_arn)
    SHIP_EVERY      = tostring(var.ship_every_seconds)
    SPOOL_MAX_MB    = tostring(var.spool_max_mb)
  }

  units = {
    for file in fileset("${path.module}/templates", "*.{service,timer}") :
    "/etc/systemd/system/${file}" => templatefile("${path.module}/templates/${file}", var.schedule)
  }

  cloud_init = templatefile("${path.module}/templates/cloud-init.yaml.tftpl", {
    files = merge(
      { for path, content in local.units : path => { content = content, permissions = "0644" } },
      {
        "/etc/pilotlight/settings" = {
          content     = join("", [for name, value in local.settings : "${name}=${value}\n"])
          permissions = "0644"
        }
      },
      {
        for file in fileset("${path.module}/files", "*.sh") :
        "/usr/local/lib/pilotlight/${file}" => { content = file("${path.module}/files/${file}"), permissions = "0755" }
      },
    )
  })
}
