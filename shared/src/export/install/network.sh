# ---- Security group and address ----

# The network that the box will be in: that of its subnet, or the one that every account has.
find_vpc() {
  if [[ -n "$SUBNET" ]]; then
    VPC=$(ask ec2 describe-subnets --subnet-ids "$SUBNET" --query 'Subnets[0].VpcId')
  else
    VPC=$(ask ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId')
  fi
  [[ -n "$VPC" ]] ||
    die "this account has no default VPC in $REGION; name a subnet with a way to the internet as box.subnet"
}

# The security group of the box: nobody gets in but by the ports that the app publishes.
make_group() {
  if ((${#SECURITY_GROUPS[@]})); then
    step "Security groups: ${SECURITY_GROUPS[*]}, as the config says"
    return
  fi
  step "Security group $FUNCTION: lets visitors in on ${PORTS[*]}"
  find_vpc
  GROUP=$(ask ec2 describe-security-groups --query 'SecurityGroups[0].GroupId' \
    --filters "Name=group-name,Values=$FUNCTION" "Name=vpc-id,Values=$VPC")
  if [[ -z "$GROUP" ]]; then
    GROUP=$(ask ec2 create-security-group --group-name "$FUNCTION" --description "Visitors of $APP" --vpc-id "$VPC" \
      --tag-specifications "ResourceType=security-group,Tags=[{$TAGS}]" --query GroupId)
  fi
  open_ports
}

# Only rules with this description are pushbox's own; others are left alone.
open_ports() {
  local rules protocol port rule wanted=" ${PORTS[*]} " found=' ' closed=()
  rules=$(ask ec2 describe-security-group-rules --filters "Name=group-id,Values=$GROUP" \
    --query "SecurityGroupRules[?!IsEgress && Description=='pushbox'].[SecurityGroupRuleId,IpProtocol,FromPort]")
  while read -r rule protocol port; do
    [[ -n "$rule" ]] || continue
    found+="$protocol/$port "
    if [[ "$wanted" != *" $protocol/$port "* ]]; then
      aws ec2 revoke-security-group-ingress --group-id "$GROUP" --security-group-rule-ids "$rule" >"$WORK/answer"
    fi
  done <<<"$rules"
  for port in "${PORTS[@]}"; do
    if [[ "$found" != *" $port "* ]]; then
      closed+=("IpProtocol=${port%/*},FromPort=${port#*/},ToPort=${port#*/},IpRanges=[{CidrIp=0.0.0.0/0,Description=pushbox}]")
    fi
  done
  if ((${#closed[@]})); then
    aws ec2 authorize-security-group-ingress --group-id "$GROUP" --ip-permissions "${closed[@]}" >"$WORK/answer"
  fi
}

# Of the addresses that carry the app's tag, the PublicIp or AllocationId, into LIST. The function takes the first, too.
list_addresses() {
  list ec2 describe-addresses --filters "Name=tag:pushbox:app,Values=$APP" --query "sort_by(Addresses, &AllocationId)[].$1"
}

# The Elastic IP that the app has already, into IP.
find_address() {
  list_addresses PublicIp
  IP=${LIST[0]:-}
}

# An address that stays the same, where the config wants one.
make_address() {
  find_address
  if [[ "$ADDRESS" == elastic && -z "$IP" ]]; then
    step 'Elastic IP: a new one'
    IP=$(ask ec2 allocate-address --domain vpc --query PublicIp \
      --tag-specifications "ResourceType=elastic-ip,Tags=[{$TAGS}]")
  elif [[ "$ADDRESS" == elastic ]]; then
    step "Elastic IP: $IP"
  elif [[ -n "$IP" ]]; then
    list_addresses AllocationId
    step "Elastic IP: $IP is not wanted any more, and costs until you give it back: aws ec2 release-address --region $REGION --allocation-id ${LIST[0]}"
  fi
}
