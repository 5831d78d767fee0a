# terraform apply -var-file=examples/petclinic.tfvars

account_id = "111122223333"
workload   = "petclinic"
region     = "eu-west-1"
vpc_id     = "vpc-0123456789abcdef0"
subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]

# The digest that .github/workflows/mover-image.yml printed for the release; these zeros are refused.
image = "ghcr.io/pilotlight/mover@sha256:0000000000000000000000000000000000000000000000000000000000000000"

database = {
  host  = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
  cidrs = ["10.0.20.0/22"]
  # The mover's own user, not the administrator: docs/backup-system.md has its rights.
  secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
}

# Outputs of terraform/azure/always.
store = {
  account   = "stpetclinicdata1a2b3c"
  tenant_id = "11111111-2222-4333-8444-555555555555"
  client_id = "33333333-4444-4555-8666-777777777777"
}
