/** Where the configuration lives in a repository. It knows nothing of what the file says. */
export const CONFIG_PATH = '.github/mainkeeper.yml'
