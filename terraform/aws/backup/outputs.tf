output "role_arn" {
  description = "ARN of the instance's role: backup_writer_role_arn of terraform/azure/always, which trusts it."
  value       = module.backup_instance.role_arn
}

output "security_group_id" {
  description = "Security group of the instance: what the database's own group has to let in."
  value       = module.backup_instance.security_group_id
}

output "autoscaling_group_name" {
  description = "Name of the group of one, for an instance refresh and for alarms."
  value       = module.backup_instance.autoscaling_group_name
}
