output "role_arn" {
  description = "ARN of the instance's role: backup_writer_role_arn of terraform/azure/always, which trusts it."
  value       = aws_iam_role.this.arn
}

output "security_group_id" {
  description = "Security group of the instance: what the database's own group has to let in."
  value       = aws_security_group.this.id
}

output "autoscaling_group_name" {
  description = "Name of the group of one, for an instance refresh and for alarms."
  value       = aws_autoscaling_group.this.name
}
