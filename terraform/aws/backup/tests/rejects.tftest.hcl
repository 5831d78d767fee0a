# What must be refused: one wrong value each, everything else is good.

mock_provider "aws" {}

run "refuses_an_account_by_its_alias" {
  command = plan

  variables {
    account_id = "petclinic"
  }

  expect_failures = [var.account_id]
}
