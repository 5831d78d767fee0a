# Every name is known before the disaster, so the controller's configuration needs no look-up on the day. The names of
# what the failover builds are made here too; the failover reads them, so that the two can never disagree.

locals {
  # Names that are unique in all of Azure carry six digits of a digest that is the same for ever in this subscription.
  suffix = substr(sha256("${var.subscription_id}/${var.workload}"), 0, 6)

  names = {
    pilot_group         = "rg-${var.workload}-pilot"
    standby_group       = "rg-${var.workload}-standby"
    vault               = "kv-${var.workload}-${local.suffix}"
    data_account        = "st${var.workload}data${local.suffix}"
    website_account     = "st${var.workload}web${local.suffix}"
    workspace           = "log-${var.workload}"
    application_gateway = "agw-${var.workload}"
    cluster             = "aks-${var.workload}"
    node_pool           = "workload"
    mysql_server        = "mysql-${var.workload}-${local.suffix}"
    database            = var.workload
    container_job       = "job-${var.workload}-runner"
    job_environment     = "cae-${var.workload}"
    domain_name_label   = "${var.workload}-standby-${local.suffix}"
  }

  secret_names = {
    origin              = "origin-secret"
    mysql_administrator = "mysql-administrator-password"
    database            = "${var.workload}-database-password"
  }

  # Service accounts, as the manifests in k8s/ name them.
  service_accounts = {
    application = "system:serviceaccount:${var.workload}:${var.workload}"
    restore     = "system:serviceaccount:pilotlight-restore:restore"
  }

  tags = merge({ workload = var.workload, "managed-by" = "pilotlight" }, var.tags)
}
