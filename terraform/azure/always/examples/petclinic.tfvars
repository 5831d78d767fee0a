# The pilot light of the PetClinic site, in Korea Central. Secrets come from the environment (TF_VAR_secrets), never from
# a file: docs/terraform.md, "The first apply".
subscription_id = "22222222-3333-4444-8555-666666666666"
workload        = "petclinic"
location        = "koreacentral"
address_space   = "10.42.0.0/16"

# "aws iam get-outbound-web-identity-federation-info" prints it as IssuerIdentifier.
aws_issuer_url = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws"

# Outputs of the controller's stack: each function that speaks to Azure has a role of its own.
controller_role_arns = {
  standby = "arn:aws:iam::111122223333:role/pilotlight-standby"
  scale   = "arn:aws:iam::111122223333:role/pilotlight-scale"
}

# The page of the service connection in Azure DevOps shows both.
pipeline_trust = {
  issuer  = "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0"
  subject = "/eid1/c/pub/t/AAAA/a/BBBB/sc/99999999-aaaa-4bbb-8ccc-dddddddddddd/pilotlight-azure"
}

backups = {
  retention_days = 30
  immutable_days = 7
}
