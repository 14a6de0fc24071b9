/**
 * Docker's official image of Node, by whatever name a registry has it: `node`, `library/node` on Docker Hub, and Amazon's mirror
 * of it (Amazon ECR Public Gallery, docker/library/node), with any tag or digest.
 */
const NODE =
  /^((docker\.io\/|registry-1\.docker\.io\/)?(library\/)?|public\.ecr\.aws\/docker\/library\/)node([:@].+)?$/;

/** What is in such an image is a Node and nothing else, so that a command on it can run by the Node of this machine. */
export const isPublicNode = (image: string): boolean => NODE.test(image);
