# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_a_space" {
  command = plan

  variables {
    name = "id petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_a_region_without_federated_credentials" {
  command = plan

  variables {
    location = "swedencentral"
    trusts   = { aws = { issuer = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws", subject = "arn:aws:iam::111122223333:role/pilotlight-controller" } }
  }

  expect_failures = [var.location]
}

run "refuses_more_trusts_than_azure_takes" {
  command = plan

  variables {
    trusts = { for n in range(21) : "trust-${n}" => { issuer = "https://issuer.example.com", subject = "s-${n}" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_a_trust_name_that_is_too_short" {
  command = plan

  variables {
    trusts = { a = { issuer = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws", subject = "arn:aws:iam::111122223333:role/pilotlight-controller" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_an_issuer_without_https" {
  command = plan

  variables {
    trusts = { aws = { issuer = "http://issuer.example.com", subject = "x" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_an_aws_issuer_with_a_slash_at_the_end" {
  command = plan

  variables {
    trusts = { aws = { issuer = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws/", subject = "arn:aws:iam::111122223333:role/pilotlight-controller" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_the_subject_of_a_session" {
  command = plan

  variables {
    trusts = { aws = { issuer = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws", subject = "arn:aws:sts::111122223333:assumed-role/pilotlight-controller/run" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_a_subject_with_a_wildcard" {
  command = plan

  variables {
    trusts = { aws = { issuer = "https://issuer.example.com", subject = "system:serviceaccount:*:petclinic" } }
  }

  expect_failures = [var.trusts]
}

run "refuses_a_role_without_actions" {
  command = plan

  variables {
    custom_role = { name = "r", description = "d", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg", actions = [] }
  }

  expect_failures = [var.custom_role]
}

run "refuses_a_role_at_a_single_resource" {
  command = plan

  variables {
    custom_role = { name = "r", description = "d", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic", actions = ["Microsoft.Network/virtualNetworks/read"] }
  }

  expect_failures = [var.custom_role]
}

run "refuses_a_role_given_outside_of_its_scope" {
  command = plan

  variables {
    custom_role = { name = "r", description = "d", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg", given_at = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-other/providers/Microsoft.Storage/storageAccounts/st", data_actions = ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"] }
  }

  expect_failures = [var.custom_role]
}

run "refuses_a_role_with_a_wildcard_for_data" {
  command = plan

  variables {
    custom_role = { name = "r", description = "d", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg", data_actions = ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"] }
  }

  expect_failures = [var.custom_role]
}

run "refuses_a_role_with_a_wildcard" {
  command = plan

  variables {
    custom_role = { name = "r", description = "d", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg", actions = ["Microsoft.Network/*/read"] }
  }

  expect_failures = [var.custom_role]
}

run "refuses_a_role_that_can_give_roles" {
  command = plan

  variables {
    role_assignments = { all = { role = "Owner", scope = "/subscriptions/22222222-3333-4444-8555-666666666666" } }
  }

  expect_failures = [var.role_assignments]
}
