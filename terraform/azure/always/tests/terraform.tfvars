# Good values, for every run in this folder; a run names what it changes.

subscription_id      = "22222222-3333-4444-8555-666666666666"
workload             = "petclinic"
location             = "koreacentral"
aws_issuer_url       = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws"
controller_role_arns = { controller = "arn:aws:iam::111122223333:role/pilotlight-controller" }

pipeline_trust = {
  issuer  = "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0"
  subject = "/eid1/c/pub/t/AAAA/a/BBBB/sc/99999999-aaaa-4bbb-8ccc-dddddddddddd/pilotlight-azure"
}

secrets = {
  origin              = "0123456789abcdef0123456789abcdef"
  mysql_administrator = "Correct-Horse-7-Battery"
  database            = "Staple-Correct-9-Horse"
}
