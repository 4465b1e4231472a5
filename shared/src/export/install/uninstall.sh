# ---- Uninstall ----

# All that this script has made, once the name of the app is typed: there is no way back.
uninstall() {
  local answer='' all
  find_installed
  use_region "${INSTALLED:-$REGION}"
  find_address
  list_boxes
  all=("${LIST[@]}")
  say "This removes what pushbox made for $APP in $REGION, account $ACCOUNT: function, URL, log, roles, security group, budget,"
  say "Elastic IP (${IP:-none}) and box (${all[*]:-none}) with its disk and all that is on it."
  printf 'To confirm, type the name of the app: '
  read -r answer || true
  say ''
  [[ "$answer" == "$APP" ]] || die 'not confirmed, so nothing was removed'
  remove_function
  remove_boxes "${all[@]}"
  remove_address
  remove_group
  remove_budget
  remove_role "$BOX_ROLE"
  remove_secrets
  # Last: it remembers the region, for the case that this is run again.
  remove_role "$FUNCTION"

  say "$APP is removed. Remove the webhook at $HOST too."
}

# First, so that no push launches another box.
remove_function() {
  step "Function $FUNCTION, its URL and its log"
  try ResourceNotFoundException lambda delete-function --function-name "$FUNCTION" || true
  try ResourceNotFoundException logs delete-log-group --log-group-name "/aws/lambda/$FUNCTION" || true
}

# With the box its disk goes, and what the app has stored on it.
remove_boxes() {
  # A request for a spot box that lasts would launch another one.
  list ec2 describe-spot-instance-requests --filters "Name=tag:pushbox:app,Values=$APP" \
    Name=state,Values=open,active,disabled --query 'SpotInstanceRequests[].SpotInstanceRequestId'
  if ((${#LIST[@]})); then
    step "Spot request ${LIST[*]}"
    aws ec2 cancel-spot-instance-requests --spot-instance-request-ids "${LIST[@]}" >"$WORK/answer"
  fi

  if (($#)); then
    step "Box $*: this takes a minute or two"
    aws ec2 terminate-instances --instance-ids "$@" >"$WORK/answer"
    aws ec2 wait instance-terminated --instance-ids "$@"
  fi
}

# A kept address would go on costing.
remove_address() {
  local id
  list_addresses AllocationId
  for id in "${LIST[@]}"; do
    step "Elastic IP $id"
    aws ec2 release-address --allocation-id "$id"
  done
}

# AWS keeps a group as long as a box is in it.
remove_group() {
  local id
  list ec2 describe-security-groups --query 'SecurityGroups[].GroupId' \
    --filters "Name=tag:pushbox:app,Values=$APP" "Name=group-name,Values=$FUNCTION"
  for id in "${LIST[@]}"; do
    step "Security group $id"
    patiently DependencyViolation ec2 delete-security-group --group-id "$id"
  done
}

# What was put into a role goes before the role itself.
remove_role() {
  local name=$1
  if try NoSuchEntity iam get-instance-profile --instance-profile-name "$name" --query 'InstanceProfile.Roles[].RoleName'; then
    [[ -z "$ANSWER" ]] ||
      aws iam remove-role-from-instance-profile --instance-profile-name "$name" --role-name "$name"
    aws iam delete-instance-profile --instance-profile-name "$name"
  fi
  if try NoSuchEntity iam get-role --role-name "$name"; then
    step "Role $name"
    try NoSuchEntity iam delete-role-policy --role-name "$name" --policy-name pushbox || true
    aws iam delete-role --role-name "$name"
  fi
}

# They stay unless --with-secrets says otherwise: some of them cannot be had again.
remove_secrets() {
  local name
  list ssm get-parameters-by-path --path "/pushbox/$APP" --recursive --query 'Parameters[].Name'
  if ((${#LIST[@]} == 0)); then
    return 0
  elif [[ -z "$WITH_SECRETS" ]]; then
    say "The secrets of $APP stay in Parameter Store: ${LIST[*]}"
    return
  fi
  for name in "${LIST[@]}"; do
    step "Secret $name"
    aws ssm delete-parameter --name "$name"
  done
}
