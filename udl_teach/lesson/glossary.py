"""The words of the course, each in one to three sentences, and where they are looked up."""

import difflib

from udl_teach.lesson import show

WORDS: dict[str, str] = {
    "activation": (
        "The nonlinear function that a layer applies to its weighted sums, such as ReLU, tanh or ELU. Without it, any "
        "number of layers is one affine map."
    ),
    "active unit": (
        "A number of a variational autoencoder's code whose posterior mean varies over the samples, by a variance "
        "above 0.01. The others stay at the prior and say nothing."
    ),
    "Adam": (
        "A form of gradient descent that gives every parameter a step size of its own, from running averages of its "
        "gradients and of their squares. It is the usual first choice, because it needs little tuning."
    ),
    "adaptation": (
        "One of the three ideas of a self-organizing map: the winner and its neighbours move a fraction of the way "
        "to the sample."
    ),
    "affine map": (
        "Multiply by a matrix, then add a fixed vector: y = Wx + b. It can turn, stretch, flatten and shift a cloud "
        "of points, but never bend it."
    ),
    "aggregate posterior": (
        "The posteriors of all samples, averaged: where the codes of a variational autoencoder really lie. Where it "
        "differs from the prior, codes drawn from the prior decode badly."
    ),
    "alignment": (
        "Of two views: the mean squared distance between their codes on the unit sphere. Small means that the encoder"
        " ignores what tells the views apart. It says something only together with uniformity."
    ),
    "anomaly score": (
        "A number that says how unusual a sample is; high means unusual. The reconstruction error of an autoencoder "
        "is one: it is mostly large for samples unlike the training data."
    ),
    "ARI": (
        "Adjusted Rand index: over all pairs of samples, how often two groupings agree on together or apart, "
        "corrected so that a random grouping gets 0 on average. Equal groupings get 1."
    ),
    "attention": (
        "A layer in which each token takes a weighted mean of what all tokens offer. The weights come from how well "
        "what one token looks for fits what another one holds."
    ),
    "AUC": (
        "Area under the ROC curve: the probability that a score ranks a random sample of one class (an anomaly, a real "
        "image) above a random one of the other (a normal sample, a generated image). 1 is perfect, 0.5 is chance."
    ),
    "augmentation": (
        "Changing training images at random in ways that leave their content the same, such as small shifts or "
        "rotations. In an adversarial game the discriminator must see real and generated images augmented alike; "
        "otherwise the generator learns to draw the augmentation."
    ),
    "autoencoder": (
        "A network that learns to reconstruct its own input through a narrow middle. An encoder turns a sample into a "
        "short code, and a decoder turns the code back into a sample."
    ),
    "base rate": (
        "The share of anomalies among all samples where a detector works. In test sets it is often far higher, and a "
        "threshold chosen for them raises too many alarms."
    ),
    "batch": (
        "The samples that one training step uses, 128 for instance. Small batches give frequent but noisy steps."
    ),
    "batch normalization": (
        "A layer that shifts and scales each of its inputs to mean 0 and variance 1 over the batch, then learns a "
        "shift and a scale of its own. It keeps deep networks trainable; and while it learns, a sample depends on the "
        "others in its batch."
    ),
    "batch rule": (
        "In a self-organizing map: find the winner of every sample, then move each unit to the mean of all samples, "
        "weighted by the neighbourhood function of their winners. It needs no learning rate and does not depend on "
        "the order of the samples."
    ),
    "Bernoulli": (
        "The distribution of a coin: 1 with probability p, 0 with probability 1 - p. Black-and-white pixels are "
        "mostly modelled as such coins."
    ),
    "best matching unit": (
        "The unit of a self-organizing map whose weights are nearest to a sample; also called the winner. Short: BMU."
    ),
    "BIC": (
        "Bayesian information criterion: -2 times the log-likelihood of the data, plus the logarithm of the number of "
        "samples for every parameter. Among models of the same data, the one with the smallest BIC is preferred."
    ),
    "bit": (
        "The unit of information with the logarithm to base 2: the answer to one yes-or-no question whose answers "
        "are equally probable. A file of 1,000 bytes has 8,000 bits."
    ),
    "bits per pixel": (
        "The rate of a compressed picture: all bits of its file, header included, divided by height times width. "
        "A raw grey picture has 8."
    ),
    "bottleneck": (
        "The narrowest layer of an autoencoder; its values are the code. It has fewer numbers than the input, and "
        "smooth networks of limited size cannot pack several numbers into one, so the code must capture structure."
    ),
    "capacity": (
        "How rich a set of functions a model can represent, roughly: more and wider layers, more capacity. A model "
        "with too little cannot fit the data, a model with too much can fit their noise as well."
    ),
    "centring": (
        "Subtracting from every feature its mean, so that the cloud of samples has its middle at the origin. PCA "
        "needs it: without it the first direction points to where the cloud is, not along it."
    ),
    "centroid": "The mean of the samples of one cluster; k-means stands for each cluster by its centroid.",
    "cluster": (
        "A group of samples that are more like one another than like the rest. What counts as alike is a choice, made "
        "by the distance that is used."
    ),
    "clustering": "Sorting samples into groups without labels, by how alike they are.",
    "clustering accuracy": (
        "The share of samples in the right class once every cluster was given one class of its own in the best "
        "possible way. The best way is found by Hungarian matching."
    ),
    "codec": "Coder and decoder: a program that turns a picture or a sound into bytes, and the bytes back.",
    "competition": (
        "One of the three ideas of a self-organizing map: only one unit responds to a sample, the nearest."
    ),
    "component": (
        "One part out of which a whole is put together: a direction in PCA, one bell-shaped cloud in a Gaussian "
        "mixture."
    ),
    "component plane": (
        "One feature of all units of a map, drawn as colours on the grid. Features that vary together have planes "
        "that look alike, and often more than the samples justify, because the neighbourhood smooths the weights."
    ),
    "conditional generation": (
        "Drawing samples of a requested class, or with another requested property: both the generator and the network "
        "that judges its samples are given the label."
    ),
    "conformal p-value": (
        "How often a normal sample would score at least as high: 1 plus the number of calibration scores that do, "
        "divided by their number plus 1. A normal sample raises an alarm at p <= a with a probability of at most a, "
        "if its score and the calibration scores are exchangeable."
    ),
    "contingency table": (
        "A table that counts how often two groupings meet: how many samples of each class (row) lie in each cluster "
        "(column). All scores of agreement are computed from it."
    ),
    "continuity": (
        "How far neighbours in data space are still neighbours on a map of points: 1 when all are, about 0.5 for a "
        "random layout. It is low where a map tears neighbours apart; trustworthiness asks the opposite question."
    ),
    "contrastive learning": (
        "Learning codes from pairs: two views of one image should have similar codes, views of different images "
        "should not."
    ),
    "convolution": (
        "A small window of weights that slides over an image and computes the same weighted sum at every position. It "
        "needs few parameters, and a shifted image gives a shifted output."
    ),
    "cooperation": (
        "One of the three ideas of a self-organizing map: the winner's neighbours on the grid learn together with it."
    ),
    "correlation": (
        "How closely two features follow a straight line together, from -1 to 1: their covariance divided by both "
        "standard deviations. 0 means that a straight line through them says nothing."
    ),
    "corruption": "Damaging clean samples on purpose, by noise, masking or blur, so that a model can learn to undo it.",
    "cosine similarity": (
        "The inner product of two vectors after both are scaled to length 1: 1 for the same direction, 0 for a right "
        "angle, -1 for opposite directions."
    ),
    "covariance": (
        "How two features vary together: positive when they rise together, negative when one rises as the other "
        "falls. A table of all pairs is the covariance matrix."
    ),
    "coverage": (
        "The share of real samples whose circle, which reaches to the k-th nearest real neighbour, contains a "
        "generated sample. It is near 1 when no kind of sample is left out."
    ),
    "critic": (
        "The discriminator of a Wasserstein game: it returns scores that are not logits, with a slope of at most 1 "
        "everywhere. The mean score of real samples minus that of generated ones estimates the Wasserstein distance."
    ),
    "dead unit": (
        "A neuron whose output is the same (mostly zero) for every sample. Its weights no longer receive a gradient, "
        "so it stays dead; a learning rate that is too large is a common cause. In a map: a unit far from all data "
        "that never wins and that no winner pulls along."
    ),
    "decibel": (
        "A tenth of a bel, a factor on a logarithmic scale: 10 dB are a factor of 10 in squared error, 3 dB about "
        "a factor of 2, 20 dB a factor of 100."
    ),
    "decoder": "The half of an autoencoder that turns a code back into a sample.",
    "deep embedded clustering": (
        "Clustering in which an encoder and cluster centres learn together: a target sharpens the soft assignments of "
        "the codes, and the codes follow the target. Short: DEC."
    ),
    "denoising": (
        "Rebuilding the clean sample from a spoilt one. An autoencoder that learns it cannot get away with copying."
    ),
    "denoising autoencoder": (
        "An autoencoder that is given corrupted samples and must reconstruct the clean ones. Copying does not help "
        "it, so its code can be wide."
    ),
    "density": (
        "Probability per unit of length, for continuous values, where every single value has probability zero. It can "
        "be larger than 1, and it changes with the unit. As a measure of generated samples: in how many circles of "
        "real samples a generated one lies on average, divided by k; above 1 when generated samples crowd."
    ),
    "density ratio": (
        "How many times as dense one distribution is as another at a place: p(x) / q(x). The best discriminator knows "
        "it, and its logit is the logarithm of it."
    ),
    "dimension": (
        "One of the numbers that describe a sample, seen as an axis of a space. An 8 x 8 image is a point in 64 "
        "dimensions."
    ),
    "dimensional collapse": (
        "Codes that differ, but along a few directions only, because their dimensions repeat one another. In a "
        "complete collapse all codes are one point."
    ),
    "discriminator": (
        "The network of an adversarial game that learns to distinguish real samples from generated ones. It gives "
        "each sample a score; the sigmoid of the score is the probability that the sample is real."
    ),
    "distortion": "How much a picture has lost by compression, as squared error, PSNR or another measure.",
    "distribution": "Which values are possible and how probable each is; data are draws from one that we do not know.",
    "drift": "A slow change of the data after a model has learned. The scores move, and with them the share of alarms.",
    "early stopping": (
        "Watching the loss on validation data during training, stopping once it no longer falls, and restoring the "
        "best parameters."
    ),
    "effective rank": (
        "How many directions a set of codes uses: the exponential of the entropy of the shares of their singular "
        "values. Equally strong directions count 1 each, weak ones less."
    ),
    "ELBO": (
        "Evidence lower bound: what a variational autoencoder maximizes, the expected log-likelihood of the data "
        "given the code, minus the KL divergence from the code's distribution to its prior. It never exceeds the "
        "log-likelihood of the data."
    ),
    "EM": (
        "Expectation-maximization: fit a model with hidden assignments by turns. First say how probable each "
        "assignment is under the present model, then refit the model with these as weights; the likelihood never "
        "falls."
    ),
    "EMA": (
        "Exponential moving average: a mean in which older values count less and less. The EMA of a generator has the "
        "mean of its weights over the last updates. The generator oscillates while it learns; in the mean the "
        "oscillations cancel."
    ),
    "embedding": (
        "Giving every object (a word, an image, a customer) a place in a space, so that what is alike lies close "
        "together. The place itself is also called its embedding."
    ),
    "encoder": "The half of an autoencoder that turns a sample into its code.",
    "entropy": (
        "The sum of -p log2(p) over all symbols, in bits: the mean cost of a symbol if frequent symbols get short "
        "codewords and rare ones long codewords. For independent symbols with fixed, known probabilities no lossless "
        "code needs fewer bits on average."
    ),
    "epoch": "One pass through all the training data: every sample was used once.",
    "equivariance": (
        "If the input is transformed, the output is transformed in the same way. A convolution is equivariant to "
        "shifts."
    ),
    "explained variance": (
        "The share of the data's variance that a reconstruction keeps: 1 minus the squared error divided by the total "
        "variance. All of it is 1; always answering the mean is 0."
    ),
    "false alarm": "A normal sample that a detector takes for an anomaly.",
    "feature": "One measured property of every sample, a column of the table; in an image, one pixel.",
    "free bits": (
        "Nats that each number of a code can carry without a penalty in the loss, so that leaving it unused gains "
        "nothing."
    ),
    "Fréchet distance": (
        "A distance between two sets of features: each set is described by its mean and covariance, and the squared "
        "distance of these two Gaussians is computed. It is too large when samples are few. With the features of the "
        "network Inception it is called FID."
    ),
    "GAN": (
        "Generative adversarial network: a generator makes samples from noise, a discriminator learns to distinguish "
        "them from real ones, and each learns from the other. At the equilibrium the discriminator can only guess."
    ),
    "Gaussian": (
        "The bell-shaped distribution, also called normal. In several dimensions it is an elliptic cloud, given by "
        "its mean and its covariance."
    ),
    "Gaussian mixture": (
        "A model of data as draws from several Gaussians, each with a weight, a mean and a covariance. Unlike k-means "
        "it can describe stretched clusters, and it says how sure it is of each assignment."
    ),
    "generalization": "Doing well on data that were not learned from; measured on held-out data.",
    "generative model": "A model that can make new samples like those it learned from.",
    "generator": (
        "The network of an adversarial game that makes samples from noise, and learns to make samples that the "
        "discriminator takes for real. Any network that turns noise into samples is called a generator."
    ),
    "gradient": (
        "For every parameter, how fast the loss rises when that parameter is raised a little. It points uphill, so "
        "learning goes the other way."
    ),
    "gradient descent": (
        "Learning by many small steps downhill: each step subtracts from every parameter its gradient times the "
        "learning rate."
    ),
    "gradient penalty": (
        "A term in the discriminator's loss that penalizes the gradient of its score with respect to the sample: for a "
        "norm other than 1 between real and generated samples (Wasserstein), or other than 0 at real ones (R1)."
    ),
    "header": (
        "The part of a file that says how the rest is to be read: size, settings, tables. It counts as bytes like "
        "everything else."
    ),
    "held-out data": (
        "Samples kept away from learning, to see how well a model does on what it has never met. Once you choose a "
        "model by them, they are no longer quite unseen."
    ),
    "hidden layer": "A layer between input and output; the data do not prescribe its values.",
    "hinge loss": (
        "A loss that is 0 beyond a margin: the discriminator's scores should be above 1 for real samples and below -1 "
        "for generated ones, and samples that satisfy this give no gradient. Support vector machines use it as well."
    ),
    "Hungarian matching": (
        "A method that pairs things one to one so that the total cost is smallest. Here it pairs clusters with "
        "classes so that as many samples as possible agree."
    ),
    "hyperparameter": (
        "A number that you choose before learning, such as the learning rate or the size of the code; parameters are "
        "found by learning."
    ),
    "importance-weighted bound": (
        "A tighter ELBO: draw several codes for a sample, average the weights p(x | z) p(z) / q(z | x), and take the "
        "logarithm last. With more draws it rises towards the log-likelihood."
    ),
    "inertia": (
        "The squared distance between a sample and the nearest centroid, summed over all samples (scikit-learn) or "
        "averaged over them (this course): what k-means makes small. It falls as clusters are added, so it does not "
        "tell you how many there are."
    ),
    "initialization": (
        "The values that learning starts from. They are drawn at random, from a seed; another start may end elsewhere."
    ),
    "isolation forest": (
        "A detector that cuts the space at random, many times. A sample that few cuts separate from all others is "
        "strange."
    ),
    "Jensen's inequality": (
        "For a function that bends downwards, such as the logarithm, the function of a mean is at least the mean of "
        "the function."
    ),
    "Jensen-Shannon divergence": (
        "A measure of how different two distributions are, in nats: the mean KL divergence of each from their even "
        "mixture. It is 0 if they are equal, and never above log 2."
    ),
    "JPEG": (
        "The picture format of 1992: blocks of 8 x 8 pixels become coefficients of cosine waves, which are rounded, "
        "finer waves more coarsely, and written with Huffman codewords."
    ),
    "k-means": (
        "Clustering into k groups, each represented by its centroid, so that the squared distances to the centroids "
        "are small. It favours round clusters of similar width, and its result depends on the initialization."
    ),
    "k-means++": (
        "An initialization for k-means: the first centroid is a sample drawn at random; each further one is drawn "
        "with a probability proportional to its squared distance from the nearest centroid so far. So they start far "
        "apart."
    ),
    "KL divergence": (
        "How much one distribution differs from another, in nats or bits: the expected log-ratio of their "
        "probabilities. It is never negative, zero only for equal ones, and not symmetric."
    ),
    "label": (
        "The answer that somebody has attached to a sample, such as the digit 7. In this course labels serve to judge "
        "what was learned, seldom to learn."
    ),
    "latent code": "The few numbers into which an encoder turns a sample. Latent means hidden: nobody measured them.",
    "latent space": (
        "The space of all codes, with one axis per number of the code. Nearby codes decode to similar samples; the "
        "axes need not mean anything."
    ),
    "latent variable": (
        "A quantity in a model that nobody observes but that explains what is observed, such as which cluster a "
        "sample came from."
    ),
    "layer": "Neurons side by side that get the same inputs: one affine map, mostly followed by an activation.",
    "leak": (
        "A feature that contains what is to be predicted, such as a count that includes the future. The test looks "
        "good, and at work the feature is missing or empty."
    ),
    "learning rate": (
        "The factor that determines how far one step goes against the gradient. If it is too small, training is slow; "
        "if it is too large, the loss jumps or grows without bound."
    ),
    "likelihood": (
        "The probability, or density, that a model gives to the data; mostly used as its logarithm, in nats."
    ),
    "linear probe": (
        "A test of codes: a linear classifier is trained on them with a few labels, and its accuracy on other samples "
        "is read. High means that the classes lie apart in a simple way."
    ),
    "Lloyd's algorithm": (
        "The two moves of k-means by turns: assign each sample to its nearest centroid, move each centroid to the "
        "mean of its samples. The inertia never rises, and it stops at a place that may not be the best."
    ),
    "local minimum": (
        "A point from which every small step leads upwards, although it may be lower somewhere else. If learning ends "
        "there, another initialization may do better."
    ),
    "logistic regression": (
        "A classifier that consists of one affine map: every class gets a score, a weighted sum of the features, and "
        "the scores become probabilities. Its class boundaries are flat."
    ),
    "logit": (
        "Any number, read as log(p / (1 - p)); a sigmoid turns it into the probability p. Networks answer with "
        "logits, because they need no limits."
    ),
    "loss": "The number that training minimizes; it measures how badly the model does on a batch.",
    "manifold": (
        "A thin, curved sheet inside a space of many dimensions, such as a spiral in the plane. The manifold "
        "hypothesis says that real data lie near one."
    ),
    "marginal": (
        "The distribution of one column of a table by itself, whatever the others are. Marginals do not contain how "
        "the columns depend on each other."
    ),
    "masked autoencoder": (
        "A model that sees an image with patches hidden, and predicts their pixels. In the large ones, which are "
        "transformers, the encoder gets the visible patches only."
    ),
    "masking": (
        "Hiding a random share of the input, usually by setting it to 0, so that a model learns to predict what was "
        "hidden."
    ),
    "maximum mean discrepancy": (
        "How differently two sets of samples are spread: likeness within each set, which falls with distance, minus "
        "likeness between the two. 0 on average when both come from the same distribution. Short: MMD."
    ),
    "mean squared error": (
        "The squared error averaged over everything, features and samples alike: here squared error a pixel. Mind "
        "what a formula averages and what it sums."
    ),
    "median filter": (
        "Replaces every pixel by the median of its neighbourhood. It removes single outlying pixels and keeps edges, "
        "but it also removes fine texture."
    ),
    "membership inference": (
        "An attack on a model or on synthetic data: the attacker knows a person's record and tries to find out whether "
        "it was in the training data."
    ),
    "memorization": (
        "Returning training samples, or near copies of them, instead of new ones. The distance to the nearest training "
        "sample reveals it."
    ),
    "minimax game": "A game with one value, which one player minimizes and the other maximizes.",
    "mirror": (
        "In an autoencoder: the decoder has the encoder's layer sizes in reverse order, 64-128-2 and then 2-128-64. "
        "It is a habit, not a law."
    ),
    "mode": "A region where samples are dense; here, one cluster of a distribution that has several.",
    "mode collapse": (
        "A failure in which a generator makes only a few kinds of samples, or samples that are too much alike, however "
        "varied the data are."
    ),
    "mode-specific normalization": (
        "A way to prepare a column of numbers with several peaks for a network. Each value becomes the component of a "
        "Gaussian mixture that it belongs to, and its signed distance from the component's mean, in units of four "
        "standard deviations."
    ),
    "model": "A function with parameters, together with the story of how its output is to be read.",
    "momentum": (
        "A running average of past gradients that an optimizer follows instead of the last gradient. It helps where "
        "the direction stays the same, and does harm in a game, where the opponent reverses it."
    ),
    "nat": "The unit of information with the natural logarithm; one nat is about 1.44 bits.",
    "negative": (
        "In contrastive learning: a view of another image, whose code is pushed away. The other view of the same "
        "image is the positive."
    ),
    "neighbour embedding": (
        "A map of samples made so that neighbours in the data stay neighbours; t-SNE and UMAP are two. Its parametric "
        "form trains a network, which can place new samples."
    ),
    "neighbourhood function": (
        "How strongly each unit of a map learns when another one wins, as a function of their distance on the grid: "
        "1 for the winner, less for units farther away. Its width is the radius."
    ),
    "network": (
        "A sequence of layers, each of which takes the output of the one before: a function with many weights, which "
        "training determines. Also called a neural network."
    ),
    "neuron": "One unit of a network: a weighted sum of its inputs plus a bias, passed through an activation.",
    "NMI": (
        "Normalized mutual information: how much a clustering tells about the classes, scaled to between 0 (nothing) "
        "and 1 (everything). Renaming the clusters does not change it."
    ),
    "noise": (
        "Variation in data that carries nothing you want to know, or that you add on purpose to make a task harder."
    ),
    "non-local means": (
        "A way of denoising: every pixel becomes a mean of pixels whose surroundings look like its own, wherever "
        "nearby they stand."
    ),
    "non-saturating loss": (
        "The generator's usual loss, -log D of its samples. Like log(1 - D) it falls when D rises, but its gradient "
        "is largest where the discriminator is sure that a sample was generated, and there log(1 - D) has almost "
        "none."
    ),
    "NT-Xent": (
        "The normalized, temperature-scaled cross-entropy: each view has to find its partner among all other views of"
        " the batch, by the softmax of cosine similarities divided by a temperature."
    ),
    "one-hot": (
        "A label written as a row of numbers, one per class: 1 for the class of the sample and 0 for all others. So no "
        "class is larger than another."
    ),
    "online rule": (
        "In a self-organizing map: for one sample at a time, the winner and its neighbours move towards the sample. "
        "Radius and learning rate decrease during training."
    ),
    "optimizer": "The rule that turns gradients into steps, such as plain gradient descent or Adam.",
    "overfitting": (
        "Fitting what is peculiar to the training data, noise included: the error on them keeps falling while the "
        "error on held-out data stays or rises."
    ),
    "packing": (
        "Showing a discriminator several samples at once, all real or all generated, so that it can detect that they "
        "are too similar."
    ),
    "parameter": "A number inside a model that learning changes: the weights and biases of its layers.",
    "PCA": (
        "Principal component analysis: the directions along which centred data vary most, at right angles to one "
        "another. Keeping the first few gives the smallest squared error that any linear reconstruction from so few "
        "numbers can reach."
    ),
    "penalty": (
        "A term added to the loss that makes something unwanted costly, such as large codes; its strength is a choice."
    ),
    "perplexity": (
        "The effective number of neighbours that t-SNE counts for every sample, often 30: two to the power of the "
        "entropy, in bits, of the probabilities with which the sample chooses its neighbours."
    ),
    "point adjustment": (
        "Counting all points of an event as found if one of them raised an alarm. Random alarms then look excellent "
        "where events are long."
    ),
    "posterior": (
        "What is known about something hidden after a sample was seen: p(z | x), which codes the sample may have come "
        "from. An encoder's guess at it is written q(z | x)."
    ),
    "posterior collapse": (
        "When numbers of a variational autoencoder's code stay at the prior for every sample and so say nothing. "
        "Causes are a decoder variance that starts too large, too heavy a KL term, or a decoder that needs no code."
    ),
    "posterior mean": (
        "The mean of all possible values of an unknown quantity, each weighted by its probability given the "
        "observation. It is the answer with the smallest mean squared error."
    ),
    "precision": (
        "Of a generator: the share of its samples that lie in the circle of some real one, which reaches to that one's "
        "k-th nearest real neighbour. It does not show what is missing."
    ),
    "principal component": "One of the directions found by PCA; the first is that of the largest variance.",
    "prior": "The distribution that a model takes for granted before it sees data, often a standard Gaussian.",
    "projection": "The shadow of a sample on a line, plane or other flat piece of space: its closest point there.",
    "projection head": (
        "A small network on top of an encoder whose output the loss of self-supervised learning compares. It is left "
        "out afterwards: the encoder's own output holds more."
    ),
    "prototype": (
        "A point that represents the samples around it: a centroid of k-means, or the weights of a unit of a map."
    ),
    "PSNR": (
        "Peak signal-to-noise ratio, in decibels: 10 log10 of the squared range of the values over the mean squared "
        "error. Higher is better; 10 dB more means a tenth of the squared error."
    ),
    "purity": (
        "The share of samples that belong to the most frequent class of their cluster. It rises by itself with the "
        "number of clusters, up to 1 when every sample is a cluster of its own."
    ),
    "quantization": (
        "Rounding numbers to a grid, such as the integer multiples of a step size. In a transform codec it is the only "
        "lossy step."
    ),
    "quantization error": (
        "The mean distance from a sample to its nearest prototype. It measures how well a map or a clustering "
        "represents its data, but not its order, and it falls with the number of prototypes."
    ),
    "R1": (
        "A penalty on the discriminator: half its mean squared gradient norm at real samples. It removes the slope "
        "where the generator has arrived, so that the samples can stay there."
    ),
    "range coder": (
        "A way of writing symbols as bytes: each symbol narrows an interval of numbers in proportion to its "
        "probability, and any number in the final interval identifies the message. The length of long messages "
        "comes close to the entropy."
    ),
    "rank correlation": (
        "How well two orders of the same things agree: 1 when they are equal, -1 when one is the reverse of the other, "
        "near 0 when they are unrelated. Also called Spearman's correlation."
    ),
    "rate": "How many bits a code costs, here in bits per pixel.",
    "rate-distortion curve": (
        "The quality of a codec's pictures at each rate: one point per setting, bits per pixel against PSNR. Codecs "
        "are compared at equal rate."
    ),
    "recall": (
        "Of a generator: the share of real samples that lie in the circle of some generated one, which reaches to that "
        "one's k-th nearest generated neighbour. It is low after mode collapse, and whenever generated samples crowd."
    ),
    "reconstruction": "What the decoder makes of a sample's code; written x_hat beside the sample x.",
    "reconstruction error": "The squared error between one sample and its reconstruction, summed over the features.",
    "reconstruction loss": (
        "How far the reconstructions are from the samples. In this course it is the squared error summed over the "
        "features and averaged over the batch."
    ),
    "regularization": "Anything that holds a model back from overfitting, such as a penalty, noise or early stopping.",
    "relativistic objective": (
        "An adversarial loss of pairs: the discriminator's is small if a real sample scores higher than the generated "
        "one beside it, the generator's if it scores lower."
    ),
    "ReLU": "An activation: max(0, x). It passes on what is positive and answers zero to everything else.",
    "reparameterization": (
        "Writing a random draw as a computation on noise that depends on no parameter: mean + standard deviation times "
        "noise. A gradient then passes through the draw to mean and variance."
    ),
    "residual": (
        "The difference between a value and its prediction. Also what a network adds to its input when it predicts "
        "only the change and not the whole output."
    ),
    "responsibility": (
        "In a mixture: the probability that a sample came from one of the components, given the sample. The "
        "responsibilities of a sample add up to 1."
    ),
    "restlessness": (
        "Of a generator: how far the samples of the same noise move while it goes on learning. The players of a game "
        "need not come to rest, as a model does whose loss falls."
    ),
    "salt-and-pepper noise": "Noise that turns a random share of the pixels white or black.",
    "sample": "One observation, a row of the table: one image, one customer, one reading of a sensor.",
    "saturation": (
        "Where a function is flat, so that its gradient is almost zero and gradient descent learns hardly anything."
    ),
    "score": (
        "The gradient of the logarithm of a density. It points to where data get denser, and is long where the "
        "log-density changes fast."
    ),
    "score-function gradient": (
        "A gradient of an expectation that needs no gradient of the draw: what a draw was worth, times the gradient "
        "of its log-probability. It works for anything that can be drawn, and varies much. Also called REINFORCE."
    ),
    "seed": (
        "The number from which a random generator starts; the same seed gives the same draws, so a run can be repeated."
    ),
    "self-organizing map": (
        "A grid of units, each with a place in data space. The unit nearest to a sample moves towards it together "
        "with its neighbours on the grid, so that neighbouring units come to represent similar samples."
    ),
    "self-supervision": (
        "Learning from tasks whose labels are made from the data, such as filling in what was hidden. Nobody has to "
        "provide labels, and what is learned can serve other tasks."
    ),
    "shadow model": (
        "A model that an attacker trains to be like the one under attack, on other data. Its training data are known, "
        "so it shows how members differ from others."
    ),
    "shortcut": (
        "A feature that solves the training task and is of no use for what comes later, such as a mark that both "
        "views of an image share."
    ),
    "sigmoid": "The function 1 / (1 + exp(-x)), which squeezes any number into the range from 0 to 1.",
    "silhouette": (
        "For a sample: (b - a) / max(a, b), with a its mean distance to the others of its cluster and b that to the "
        "nearest other cluster. The mean over all samples lies between -1 and 1; it favours round, separate clusters."
    ),
    "single linkage": (
        "Clustering by joining, again and again, the two groups whose nearest members are closest. It follows bent "
        "shapes, and a few samples between two groups are enough to chain them together."
    ),
    "singular value": (
        "How strongly a matrix stretches along one of its own directions. Of a centred table, its square divided by "
        "the number of samples minus one is the variance along that principal component."
    ),
    "soft assignment": (
        "The shares with which a sample belongs to each of several clusters; they sum to 1. Unlike the number of the "
        "nearest cluster, they have a gradient."
    ),
    "sparsity": "Being mostly zero. A sparse code uses only a few of its many numbers for any one sample.",
    "spectral normalization": (
        "Dividing the weights of a layer by their largest singular value, the largest factor by which the layer can "
        "stretch anything, so that a discriminator made of such layers cannot become steep."
    ),
    "squared error": (
        "The square of the difference between an output and its target. Large errors count far more than small ones."
    ),
    "SSIM": (
        "Structural similarity of two pictures: brightness, contrast and pattern compared window by window, 1 if the "
        "pictures are identical. It is often closer to what people see than squared error, but a shift by one pixel "
        "can lower it more than a blur does."
    ),
    "standard deviation": (
        "The usual distance of a feature from its mean: the square root of the variance, in the feature's own unit."
    ),
    "standardize": (
        "Subtract from every feature its mean and divide by its standard deviation, so that all have mean 0 and "
        "variance 1. Then a feature with a large spread does not dominate the others."
    ),
    "step": "One update of the parameters, from one batch.",
    "stride": (
        "How many pixels a window moves from one position to the next. A convolution with stride 2 halves the side of "
        "an image, a transposed one doubles it."
    ),
    "subspace": (
        "A flat piece of a space that passes through the origin, such as a plane in 64 dimensions; it is given by as "
        "many directions as it has dimensions."
    ),
    "supervised learning": "Learning from samples with labels: the answer is given, and the model learns to find it.",
    "SVD": (
        "Singular value decomposition: any matrix as a rotation, a stretch along the axes and another rotation, X = U "
        "S V'. For a centred table the rows of V' are the principal components."
    ),
    "symbol": (
        "One element of a message that is to be coded, such as an integer. An entropy coder uses only how probable "
        "it is, not its value."
    ),
    "t-SNE": (
        "A way to draw samples of many dimensions as points in the plane so that neighbours stay neighbours. How far "
        "apart its islands lie means little, and it has no rule for new samples."
    ),
    "temperature": (
        "A number by which logits are divided before a softmax. A small one makes the largest logit win almost "
        "everything, a large one makes all alike."
    ),
    "token": (
        "One of the vectors on which a transformer works: a patch of an image or a piece of a text, with its position."
    ),
    "topographic error": (
        "The share of samples whose nearest and second-nearest units do not touch on the grid of a map. It is 0 "
        "where the map lies smoothly over the data, and high where it is folded or twisted."
    ),
    "torus": (
        "The shape of a ring-shaped tyre: a grid whose left edge is joined to its right edge and its top to its "
        "bottom. It has no border."
    ),
    "total variation": (
        "The sum of all differences between neighbouring pixels. A way of denoising keeps close to the noisy "
        "picture and makes that sum small: flat areas with sharp edges."
    ),
    "trace": (
        "The sum of the diagonal of a square matrix; of a covariance, all variances added up. It is also the sum of "
        "the eigenvalues."
    ),
    "training data": "The samples that a model learns from.",
    "transformer": (
        "A network of layers that alternate attention between tokens with a small network applied to each token."
    ),
    "transposed convolution": (
        "The reverse of a strided convolution: every value of a small image is multiplied by the kernel, and the "
        "resulting stamps are added up on a larger image. Decoders and generators use it to enlarge images."
    ),
    "truncation": (
        "Of a generator: drawing its latent vectors without the tails of their distribution, so that samples become "
        "more typical and less varied."
    ),
    "trustworthiness": (
        "How far neighbours on a map of points are neighbours in data space as well: 1 when all are, about 0.5 for "
        "a random layout. It does not notice neighbours that were torn apart; continuity does."
    ),
    "TSTR": (
        "Train on synthetic, test on real: the score on unseen real rows of a model trained on synthetic rows. It is "
        "compared with TRTR, the score of the same model trained on real rows."
    ),
    "Tweedie's formula": (
        "For data with Gaussian noise: the posterior mean minus the noisy point equals the variance of the noise "
        "times the score of the noisy data."
    ),
    "U-matrix": (
        "For every unit of a map, the mean distance in data space to the units that touch it. High values mark "
        "borders between groups, where the map is stretched over a gap."
    ),
    "UMAP": (
        "A neighbour embedding like t-SNE, with other weights for the neighbours and a loss of single pairs. It is "
        "faster on many samples, and its map misleads in the same ways."
    ),
    "uniformity": (
        "How evenly codes cover the unit sphere: the logarithm of the mean of exp(-2 d²) over all pairs, d their "
        "distance. Lower is more even; 0 means that all codes are one point."
    ),
    "unsupervised learning": "Learning from data without labels: finding structure rather than given answers.",
    "variance": "The mean of the squared distances from the mean; for a whole table, summed over its features.",
    "variational autoencoder": (
        "An autoencoder whose encoder answers with a distribution instead of a point and whose codes are kept close "
        "to a simple prior. So one can draw a code and decode it into a new sample."
    ),
    "VICReg": (
        "A loss for two views without negatives: an invariance term attracts them, a variance term keeps every "
        "dimension spread out, a covariance term makes the dimensions uncorrelated."
    ),
    "view": (
        "The result of changing an image at random by augmentations. Two views of one image are a pair whose codes "
        "should agree."
    ),
    "warm-up": (
        "Letting a rate or a weight rise from small to full over the first steps; for a variational autoencoder the "
        "weight of its KL term, so that the code is in use before it is penalized."
    ),
    "Wasserstein distance": (
        "A distance between two distributions: the smallest average distance over which one must be carried to become "
        "the other. Also called earth mover's distance."
    ),
    "weight": "A parameter that multiplies one input of a neuron.",
}

ALIASES: dict[str, str] = {
    "adjusted rand index": "ARI",
    "annealing": "warm-up",
    "batch norm": "batch normalization",
    "best unit": "best matching unit",
    "best-matching unit": "best matching unit",
    "bias": "parameter",
    "bmu": "best matching unit",
    "bound": "ELBO",
    "bpp": "bits per pixel",
    "centering": "centring",
    "centre": "centring",
    "centroids": "centroid",
    "code": "latent code",
    "codebook vector": "prototype",
    "compression": "codec",
    "conditional gan": "conditional generation",
    "dec": "deep embedded clustering",
    "deconvolution": "transposed convolution",
    "denoiser": "denoising",
    "earth mover's distance": "Wasserstein distance",
    "evidence lower bound": "ELBO",
    "expectation-maximization": "EM",
    "exponential moving average": "EMA",
    "fid": "Fréchet distance",
    "frechet distance": "Fréchet distance",
    "generalisation": "generalization",
    "generative adversarial network": "GAN",
    "gmm": "Gaussian mixture",
    "hungarian algorithm": "Hungarian matching",
    "importance weighting": "importance-weighted bound",
    "iwae": "importance-weighted bound",
    "jsd": "Jensen-Shannon divergence",
    "kl": "KL divergence",
    "kmeans": "k-means",
    "kohonen map": "self-organizing map",
    "kullback-leibler divergence": "KL divergence",
    "latent": "latent code",
    "lloyd": "Lloyd's algorithm",
    "logits": "logit",
    "median filtering": "median filter",
    "minimax": "minimax game",
    "mixture of gaussians": "Gaussian mixture",
    "mmd": "maximum mean discrepancy",
    "mse": "mean squared error",
    "neighborhood function": "neighbourhood function",
    "neighbourhood": "neighbourhood function",
    "neural network": "network",
    "non-saturating": "non-saturating loss",
    "normal distribution": "Gaussian",
    "normalized mutual information": "NMI",
    "pacgan": "packing",
    "peak signal-to-noise ratio": "PSNR",
    "principal component analysis": "PCA",
    "reinforce": "score-function gradient",
    "reparameterization trick": "reparameterization",
    "reparametrization": "reparameterization",
    "reparametrization trick": "reparameterization",
    "score function": "score-function gradient",
    "self-organising map": "self-organizing map",
    "self-supervised learning": "self-supervision",
    "singular value decomposition": "SVD",
    "som": "self-organizing map",
    "spearman correlation": "rank correlation",
    "standardization": "standardize",
    "structural similarity": "SSIM",
    "test data": "held-out data",
    "tsne": "t-SNE",
    "unified distance matrix": "U-matrix",
    "unit": "neuron",
    "vae": "variational autoencoder",
    "wgan": "critic",
}


def look_up(word: str) -> str:
    """The word of the glossary that is meant, whatever its case, as an alias, or in the plural.

    Raises:
        ValueError: it is not there; the sentence names words that look like it.
    """
    known = {_plain(each): each for each in WORDS} | {_plain(each): meant for each, meant in ALIASES.items()}
    asked = _plain(word)
    for form in (asked, asked.removesuffix("s"), asked.removesuffix("es")):
        if form in known:
            return known[form]
    near = dict.fromkeys(known[each] for each in difflib.get_close_matches(asked, known, n=3, cutoff=0.6))
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else "glossary() lists all its words."
    raise show.Sentence(f"word was {word!r}; the glossary does not have it: {advice}")


def glossary(word: str | None = None) -> None:
    """Show what a word means, or all the words that there are.

    Args:
        word: such as "elbo"; case does not matter. None lists all words.

    Raises:
        ValueError: the glossary does not have it; the sentence names words that look like it.
    """
    if word is None:
        show.notice("Glossary.", [", ".join(sorted(WORDS, key=str.casefold)) + "."])
        return
    found = look_up(word)
    show.notice(f"{found}.", [WORDS[found]])


def _plain(word: str) -> str:
    return " ".join(str(word).casefold().replace("_", " ").replace("-", " ").split())
