/** What a newcomer does in the tour, in this order; `docs/seeing/tour.md` says the same. */

export const TOUR_STEPS = [
  {
    name: "stack",
    title: "The stack",
    why: "One Pulumi stack has two slots, blue and green, behind one load balancer. It says what it is about to make, and asks; say y.",
    command: "npx bluegreen pulumi up",
    done: "The stack is up. Both slots are empty.",
  },
  {
    name: "first",
    title: "The first model",
    why: "digits:1 reads handwritten digits, and gets about 88 of 100 right. The first model has all users at once: there is nobody to compare it with.",
    command: "npx bluegreen deploy digits:1 --model-version 1",
    done: "Model 1 is on blue, which is the active slot now. Users come, 240 a minute of the cloud's clock.",
  },
  {
    name: "deploy",
    title: "A new model, without users",
    why: "digits:2 gets 97 of 100 right. It goes to the idle slot, whichever that is. No user sees it yet.",
    command: "npx bluegreen deploy digits:2 --model-version 2",
    done: "Model 2 runs on the idle slot. Its share is 0 %.",
  },
  {
    name: "test",
    title: "Tests before users",
    why: "400 examples with known answers go to both slots, by a way that no user can take: is it as good, as fast, as robust as the one that users have?",
    command: "npx bluegreen test",
    done: "Model 2 has passed. Without that, rollout would refuse it.",
  },
  {
    name: "rollout",
    title: "The rollout",
    why: "10, 25, 50, then 100 % of the users. Each step goes on when both slots, compared in the same minutes, prove that the new model is no worse. Watch the charts; it takes about a minute.",
    command: "npx bluegreen rollout",
    done: "The release of model 2 is over.",
  },
  {
    name: "revert",
    title: "The way back",
    why: "Somebody calls: all users back, now. It works from any state, also after a promotion, and with Pulumi and CloudWatch down.",
    command: "npx bluegreen revert",
    done: "All users are back on model 1, by one call to the load balancer.",
  },
  {
    name: "bad",
    title: "A bad model",
    why: "digits:3-flaky answers one request in five with an error. Its health check is good, so it deploys like any other.",
    command: "npx bluegreen deploy digits:3-flaky --model-version 3",
    done: "The bad model runs on the idle slot, and looks healthy.",
  },
  {
    name: "badTest",
    title: "The tests stop it",
    why: "Let the tests look at it.",
    command: "npx bluegreen test",
    done: "It has not passed, so no user would ever see it.",
  },
  {
    name: "badRollout",
    title: "Somebody is in a hurry",
    why: "Roll it out without its tests, and see who is faster. Nothing has to be typed to stop it.",
    command: "npx bluegreen rollout --skip-tests",
    done: "The release of the bad model is over, and its users are back.",
  },
] as const;

export type TourStep = (typeof TOUR_STEPS)[number];
export type TourStepName = TourStep["name"];

export const stepNamed = (name: TourStepName): TourStep => {
  const found = TOUR_STEPS.find((step) => step.name === name);
  if (found === undefined) throw new Error(`the tour has no step ${name}`);
  return found;
};
