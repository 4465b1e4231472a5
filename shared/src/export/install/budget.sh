# ---- Budget ----

# The amount of the budget that there is, in USD; nothing where there is none, or nobody here may look.
budget() {
  aws budgets describe-budget --account-id "$ACCOUNT" --budget-name "$FUNCTION" --query Budget.BudgetLimit.Amount \
    --output text 2>"$WORK/error" || true
}

# The alarm of this app, and no other.
remove_budget() {
  if [[ -n "$(budget)" ]]; then
    step "Budget $FUNCTION: removed"
    aws budgets delete-budget --account-id "$ACCOUNT" --budget-name "$FUNCTION"
  fi
}

# Mail from AWS before a bill is a surprise. A changed amount makes a new budget.
make_budget() {
  local email=${PUSHBOX_BUDGET_EMAIL:-} there
  there=$(budget)
  if [[ -z "$BUDGET" ]]; then
    remove_budget
    return
  fi
  if [[ -n "$there" ]] && python3 -c 'import sys; sys.exit(float(sys.argv[1]) != float(sys.argv[2]))' "$there" "$BUDGET"; then
    step "Budget $FUNCTION: $BUDGET USD a month, as before"
    return
  fi
  if [[ -z "$email" ]]; then
    [[ -t 0 ]] || die 'the budget needs an address to write to; set PUSHBOX_BUDGET_EMAIL'
    read -rp 'Mail address that AWS writes to when the budget is passed: ' email
  fi
  remove_budget
  step "Budget $FUNCTION: mail to $email when the bill of a month passes $BUDGET USD"
  cat >"$WORK/budget.json" <<END
{"BudgetName": "$FUNCTION", "BudgetType": "COST", "TimeUnit": "MONTHLY",
  "BudgetLimit": {"Amount": "$BUDGET", "Unit": "USD"}}
END
  cat >"$WORK/notifications.json" <<END
[{"Notification": {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 100,
    "ThresholdType": "PERCENTAGE"},
  "Subscribers": [{"SubscriptionType": "EMAIL", "Address": $(json "$email")}]}]
END
  aws budgets create-budget --account-id "$ACCOUNT" --budget "file://$WORK/budget.json" \
    --notifications-with-subscribers "file://$WORK/notifications.json"
}
