# ---- Git host ----

#if no auth
remote_git() {
  timeout 600 git "$@"
}
#end
#if token
## In git's own environment, and only for this host: the token is on no command line and in no file.
remote_git() {
  local login=${SECRETS[repo-token]%$'\n'}
## The parameter may hold user:token, which the tokens of some hosts need.
  [[ "$login" == *:* ]] || login=$REPO_USER:$login
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$REPO_HOST.extraHeader" \
    GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "$login" | base64 -w 0)" timeout 600 git "$@"
}
#end
#if deploy key
remote_git() {
  GIT_SSH_COMMAND="ssh -i /run/pushbox-deploy-key -o IdentitiesOnly=yes \
    -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=$STATE/known_hosts" timeout 600 git "$@"
}
#end
