# The primary's side of the data: a backup instance for one workload, in the account and the Region of its database.
module "backup_instance" {
  source = "../../modules/backup-instance"

  workload                 = var.workload
  region                   = var.region
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  database                 = var.database
  store                    = var.store
  image                    = var.image
  instance_type            = var.instance_type
  disk_gb                  = var.disk_gb
  spool_max_mb             = var.spool_max_mb
  ship_every_seconds       = var.ship_every_seconds
  schedule                 = var.schedule
  permissions_boundary_arn = var.permissions_boundary_arn
  tags                     = var.tags
}
