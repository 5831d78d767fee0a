# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      tenant_id = "11111111-2222-4333-8444-555555555555"
      object_id = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
    }
  }
}

run "refuses_a_subscription_that_is_no_guid" {
  command = plan

  variables {
    subscription_id = "my-subscription"
  }

  expect_failures = [var.subscription_id]
}

run "refuses_a_workload_with_a_hyphen" {
  command = plan

  variables {
    workload = "pet-clinic"
  }

  expect_failures = [var.workload]
}

run "refuses_a_region_that_azure_does_not_have" {
  command = plan

  variables {
    location = "korea"
  }

  expect_failures = [var.location]
}

run "refuses_a_zone_that_azure_does_not_have" {
  command = plan

  variables {
    zones = ["9"]
  }

  expect_failures = [var.zones]
}

run "refuses_an_address_space_that_is_no_cidr" {
  command = plan

  variables {
    address_space = "10.42"
  }

  expect_failures = [var.address_space]
}

run "refuses_an_ingress_at_the_broadcast_address" {
  command = plan

  variables {
    ingress_host_from_end = 1
  }

  expect_failures = [var.ingress_host_from_end]
}

run "refuses_a_domain_name_with_a_scheme" {
  command = plan

  variables {
    standby_domain_name = "https://standby.example.com"
  }

  expect_failures = [var.standby_domain_name]
}

run "refuses_an_issuer_of_another_kind" {
  command = plan

  variables {
    aws_issuer_url = "https://oidc.eks.ap-northeast-2.amazonaws.com/id/ABC"
  }

  expect_failures = [var.aws_issuer_url]
}

run "refuses_a_controller_that_is_a_user" {
  command = plan

  variables {
    controller_role_arns = { me = "arn:aws:iam::111122223333:user/me" }
  }

  expect_failures = [var.controller_role_arns]
}

run "refuses_a_backup_writer_that_is_a_session" {
  command = plan

  variables {
    backup_writer_role_arn = "arn:aws:sts::111122223333:assumed-role/backup/x"
  }

  expect_failures = [var.backup_writer_role_arn]
}

run "refuses_a_pipeline_of_another_issuer" {
  command = plan

  variables {
    pipeline_trust = { issuer = "https://token.actions.githubusercontent.com", subject = "sc://a/b/c" }
  }

  expect_failures = [var.pipeline_trust]
}

run "refuses_a_pipeline_subject_of_another_form" {
  command = plan

  variables {
    pipeline_trust = { issuer = "https://vstoken.dev.azure.com/11111111-2222-4333-8444-555555555555", subject = "repo:a/b" }
  }

  expect_failures = [var.pipeline_trust]
}

run "refuses_a_registry_given_by_name" {
  command = plan

  variables {
    container_registry_id = "petclinic.azurecr.io"
  }

  expect_failures = [var.container_registry_id]
}

run "refuses_backups_that_can_be_overwritten" {
  command = plan

  variables {
    backups = { immutable_days = 0 }
  }

  expect_failures = [var.backups]
}

run "refuses_backups_kept_for_a_day" {
  command = plan

  variables {
    backups = { retention_days = 1, immutable_days = 1 }
  }

  expect_failures = [var.backups]
}

run "refuses_a_vault_range_without_a_length" {
  command = plan

  variables {
    vault_allowed_ip_ranges = ["203.0.113.7"]
  }

  expect_failures = [var.vault_allowed_ip_ranges]
}

run "refuses_a_certificate_that_nobody_issues" {
  command = plan

  variables {
    certificate_issuer = "Unknown"
  }

  expect_failures = [var.certificate_issuer]
}

run "refuses_a_short_origin_secret" {
  command = plan

  variables {
    secrets = { origin = "short", mysql_administrator = "Correct-Horse-7-Battery", database = "Staple-Correct-9-Horse" }
  }

  expect_failures = [var.secrets]
}

run "refuses_a_password_without_digits" {
  command = plan

  variables {
    secrets = { origin = "0123456789abcdef0123456789abcdef", mysql_administrator = "Correct-Horse-Battery", database = "Staple-Correct-9-Horse" }
  }

  expect_failures = [var.secrets]
}

run "refuses_a_secrets_version_of_zero" {
  command = plan

  variables {
    secrets_version = 0
  }

  expect_failures = [var.secrets_version]
}

run "refuses_logs_for_a_week" {
  command = plan

  variables {
    log_retention_days = 7
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_a_log_quota_of_nothing" {
  command = plan

  variables {
    log_daily_quota_gb = 0
  }

  expect_failures = [var.log_daily_quota_gb]
}

run "refuses_a_standby_that_nothing_could_build" {
  command = plan

  variables {
    pipeline_trust = null
  }

  expect_failures = [var.container_job]
}
