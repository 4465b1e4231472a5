# ---- Roles ----

# A role that one service may take, with one policy of its own.
make_role() {
  local name=$1 service=$2 policy=$3
  cat >"$WORK/trust.json" <<END
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "$service.amazonaws.com"}}]}
END
  if ! try NoSuchEntity iam get-role --role-name "$name"; then
    aws iam create-role --role-name "$name" --assume-role-policy-document "file://$WORK/trust.json" \
      --tags "$TAGS" "Key=pushbox:region,Value=$REGION" >"$WORK/answer"
  fi
  policy=${policy//«account»/$ACCOUNT}
  printf %s "${policy//«group»/$GROUP}" >"$WORK/policy.json"
  aws iam put-role-policy --role-name "$name" --policy-name pushbox --policy-document "file://$WORK/policy.json"
}

# Only a box with secrets has a role: it reads them with it.
make_box_role() {
  [[ -n "$PROFILE" ]] || return 0
  step "Role of the box $PROFILE: reads the secrets of $APP, and nothing else"
  make_role "$PROFILE" ec2 "$BOX_POLICY"
  if ! try NoSuchEntity iam get-instance-profile --instance-profile-name "$PROFILE" \
    --query 'InstanceProfile.Roles[0].RoleName'; then
    aws iam create-instance-profile --instance-profile-name "$PROFILE" --tags "$TAGS" >"$WORK/answer"
    ANSWER=''
  fi
  if [[ -z "$ANSWER" ]]; then
    aws iam add-role-to-instance-profile --instance-profile-name "$PROFILE" --role-name "$PROFILE"
  fi
  give_role_to_boxes
}

# A box from before there were secrets has no role yet.
give_role_to_boxes() {
  local id
  list ec2 describe-instances --query 'Reservations[].Instances[?!IamInstanceProfile].InstanceId[]' \
    --filters "Name=tag:pushbox:app,Values=$APP" Name=instance-state-name,Values=running,stopped
  for id in "${LIST[@]}"; do
    patiently 'Invalid IAM Instance Profile' ec2 associate-iam-instance-profile --instance-id "$id" \
      --iam-instance-profile "Name=$PROFILE"
  done
}

# What the function may do: POLICY above says it call by call.
make_function_role() {
  step "Role of the function $FUNCTION: launches and wakes the box of $APP, and nothing else"
  make_role "$FUNCTION" lambda "$POLICY"
  if [[ "$SPOT" != off ]]; then
    # EC2's own, once for each account; the function may not make it.
    try 'has been taken|AlreadyExists' iam create-service-linked-role --aws-service-name spot.amazonaws.com || true
  fi
}
